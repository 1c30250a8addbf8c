#!/bin/bash
# A script as people have it: variables, a loop, functions, start and stop.
VIP=192.0.2.100
RIPS="198.51.100.1 198.51.100.2"
IPVSADM=/sbin/ipvsadm
PORT=${PORT:-80}
unused=1

start() {
  ifconfig eth0:0 $VIP netmask 255.255.255.255 up
  echo 1 > /proc/sys/net/ipv4/vs/expire_nodest_conn
  sysctl -w net.ipv4.vs.conntrack=1
  $IPVSADM -C; $IPVSADM -A -t "$VIP:$PORT" -s wrr -p600
  for rip in $RIPS; do
    $IPVSADM -a -t $VIP:$PORT -r ${rip}:$PORT -gw 3 || exit 1
  done
  $IPVSADM -e -t $VIP:$PORT -r 198.51.100.2 --weight=5 \
    --gatewaying
  [ -n "$EXTRA" ] && $IPVSADM -a -t $VIP:$PORT -r $EXTRA -g
  ipvsadm -a -t $VIP:http -r $(hostname -i) -g
  sudo ipvsadm --set 0 30 0
  ipvsadm --start-daemon master --mcast-interface eth0
}

stop() {
  $IPVSADM -C
}

case "$1" in
  start) start ;;
  stop) stop ;;
  *) echo "usage: $0 start|stop" ;;
esac
