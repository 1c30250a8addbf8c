ipvsadm -A -t 192.0.2.1:80 -s rr
ipvsadm -a -t 192.0.2.1:80 -r 198.51.100.1 -m -g
ipvsadm -a -t 192.0.2.1:81 -r 198.51.100.1 -m
ipvsadm -t 192.0.2.1:82 -A
ipvsadm -A -t 192.0.2.1:83 -p 0
ipvsadm -A -t 192.0.2.1 -s rr
ipvsadm -A -t 192.0.2.1:84 -o
ipvsadm -A -t www.example.com:80
ipvsadm -A -t 192.0.2.1:85 --frobnicate 7
ipvsadm -a -t 192.0.2.1:80 -r 198.51.100.1 -m -w 70000
ipvsadm -a -t 192.0.2.1:80 -r 198.51.100.1:8080 -m -w 2 -x 100 -y 50
ipvsadm -a -t 192.0.2.1:80 -r 198.51.100.2:8080 -i --tun-type gue --tun-port 6080 --tun-csum
ipvsadm -a -t 192.0.2.1:80 -r 198.51.100.2 -i
ipvsadm -A -f 3 -s sh -b sh-port --pe sip -p 50 -M 255.255.255.0
ipvsadm -a -f 3 -r 198.51.100.1 -m
ipvsadm -d -f 4 -r 198.51.100.1
ipvsadm -D -u 192.0.2.1:53
ipvsadm -Ln
ipvsadm -R < /etc/ipvsadm.rules
