#!/bin/sh
# Prints what can follow on a command line of lab: a line each, with a tab and some words about it where there are any.
# The words behind `lab` are the arguments; the last one is the word that is typed, with a colon before it, so that it is never
# empty. `lab completion` makes a shell call this. `npm run docs` writes this file.
# shellcheck disable=SC1112 # apostrophes in descriptions
set -uf

kit=$(cd "$(dirname "$0")/.." && pwd -P)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lvs-lab

# What can follow the words of a command, such as `rules show`: commands, options, and the kinds of its arguments.
commands_of() {
  case $1 in
    '') printf '%s\t%s\n' \
      run 'start a lab, set it up and verify it' \
      up 'start the machines of a lab and set them up' \
      verify 'check a running lab' \
      path 'follow one real request and its answer, hop by hop' \
      report 'show what the last run or verify of a lab found, as a page or in a format for programs' \
      watch 'a live page of a running lab, for a browser on this computer' \
      capture 'capture the frames on a lab’s networks, until Ctrl-C' \
      diff 'show what was changed on the nodes since the lab was set up, and how to undo it' \
      diagnose 'say why a running lab does not work' \
      faults 'list the faults that lab break can make, and where' \
      break 'make a fault in a running lab, for somebody to find' \
      mend 'undo the faults that lab break made' \
      try 'do the steps of an experiment in a lab of its own, and see whether what must be seen is seen' \
      bugs 'list the bugs that lab bug can look for' \
      bug 'look whether a bug is there: exit code 1 if it is, 0 if not, 125 if the lab broke' \
      bisect 'find the two kernels of Debian, or the commit of IPVS, between which a bug came, or went' \
      batch 'do many labs, experiments and bugs, as many at once as this computer can; jobs with a verdict are not done again' \
      exercise 'exercises for learners; each student has a variant of each' \
      class 'for teachers: what a class has handed in' \
      down 'stop a lab and remove its machines' \
      status 'show which labs and machines run' \
      list 'list the labs that can be run by name' \
      ssh 'open a shell on a node, or run one command there' \
      rules 'show, save or change the IPVS table of a director' \
      stats 'show connections, packets and bytes of each real server' \
      connections 'show the director’s connection table' \
      import 'make a lab file from the configuration of a director' \
      try-config 'let keepalived read a keepalived.conf, and compare its table with what lab import reads' \
      simulate 'predict which real server comes next, without a machine' \
      compare 'compare labs: what a request costs the director; or schedulers' \
      render 'print the scripts of a lab, without a machine' \
      reset 'replace one machine, or all of them, by new ones' \
      save 'keep a running lab as it stands: memory, disks, connections' \
      load 'bring a lab back as it was saved, in place of the one that runs' \
      checkpoints 'list the labs that are saved' \
      forget 'remove a saved lab' \
      doctor 'show what this computer has and what is missing' \
      image 'build and manage the guest images that machines share' \
      kernels 'list the kernels that machines can have: those of Debian’s archive, and those in the cache' \
      build-module 'build IPVS for a kernel of Debian: from a kernel’s tree, a folder with its sources, or a patch' \
      completion 'print what a shell runs to complete commands, options and names when you press Tab' ;;
    exercise) printf '%s\t%s\n' \
      list 'list the exercises, in the order of the course' \
      show 'print the text and the tasks of a student’s variant' \
      start 'start the lab of a student’s variant, and print its text; a lab that runs is left as it is' \
      reset 'begin again with new machines; answers, and hints that were taken, stay' \
      check 'say which tasks are right, the points, and the first thing that is not right yet; exit code 1 if there is one' \
      hint 'print the next hint of a task, which costs points; without TASK of the first that is not right' \
      submit 'write one sealed file to hand in: answers, hints that were taken, and what was changed on the machines' ;;
    class) printf '%s\t%s\n' \
      grade 'grade files that learners have handed in, or all in a folder, by running them; exit code 1 if one needs a look' ;;
    rules) printf '%s\t%s\n' \
      show 'print the table in the order that schedulers use' \
      save 'print the table like ipvsadm-save, with thresholds and in the kernel’s order' \
      restore 'replace the table by the one on stdin' \
      clear 'empty the table' ;;
    image) printf '%s\t%s\n' \
      build 'build the image that any lab can use before a lab needs it' \
      box 'make a Vagrant box for libvirt from the image' \
      list 'list the images, kernels, template machines and build roots in the cache' \
      check 'find damaged images and templates, and remove them' \
      prune 'remove images and templates that are out of date; kernels and build roots only with --all' ;;
  esac
}
options_of() {
  case $1 in
    run) printf '%s\t%s\n' \
      --real-servers 'number of real servers, 1 to 64' \
      --requests 'number of requests that the check sends' \
      --scheduler 'use this scheduler instead of the lab file’s' \
      --with 'add a web site with these servers: nfs, php, mysql' \
      --kernel 'a kernel for all machines (6.12.94, 6.1, sid), or for one: director=7.2' \
      --module 'an ip_vs.ko of your own for all directors, or for one: director=FILE' \
      --provider 'qemu or vagrant; by default LAB_PROVIDER, the running lab or the lab file decides' \
      --no-setup 'do not install missing packages, only name them' \
      --no-diagnose 'if a check fails, do not look for the cause' ;;
    up) printf '%s\t%s\n' \
      --real-servers 'number of real servers, 1 to 64' \
      --scheduler 'use this scheduler instead of the lab file’s' \
      --with 'add a web site with these servers: nfs, php, mysql' \
      --kernel 'a kernel for all machines (6.12.94, 6.1, sid), or for one: director=7.2' \
      --module 'an ip_vs.ko of your own for all directors, or for one: director=FILE' \
      --provider 'qemu or vagrant; by default LAB_PROVIDER, the running lab or the lab file decides' \
      --no-setup 'do not install missing packages, only name them' \
      --dry-run 'print the plan and start nothing' ;;
    verify) printf '%s\t%s\n' \
      --requests 'number of requests that the check sends' \
      --no-diagnose 'if a check fails, do not look for the cause' ;;
    path) printf '%s\t%s\n' \
      --service 'the service to ask, or a port alone; by default the lab’s first' \
      --to 'send requests until one goes to this real server' \
      --size 'send a request of so many bytes, for an answer of the same size' \
      --html 'write the ladder diagram as a page that shows it step by step' \
      --svg 'write the ladder diagram as a picture' \
      --pcapng 'write all frames for Wireshark, with comments' \
      --mermaid 'print only the ladder diagram, in the language of Mermaid' ;;
    report) printf '%s\t%s\n' \
      --html 'write one page that needs no other file, with the lab’s drawing' \
      --markdown 'write it as Markdown; without any file it is printed' \
      --junit 'write the checks as JUnit’s XML, for continuous integration' \
      --ktap 'write the checks as KTAP, the kernel’s format of test results' \
      --against 'what --json printed of an earlier run: say what differs' \
      --language 'en or de; by default LAB_LANGUAGE, or en' ;;
    watch) printf '%s\t%s\n' \
      --port 'port of the page; by default the port of the last time, or any free one' \
      --read-only 'a page without buttons' \
      --no-open 'do not open a browser, only print the address' \
      --language 'en or de; by default LAB_LANGUAGE, or en' ;;
    capture) printf '%s\t%s\n' \
      --write 'write pcapng to this file, or to stdout with -' \
      --seconds 'stop after so many seconds' \
      --packets 'stop after so many frames' ;;
    diagnose) printf '%s\t%s\n' \
      --requests 'number of requests that the check sends' ;;
    break) printf '%s\t%s\n' \
      --random 'choose a fault at random, and tell only what a user would report' \
      --seed 'choose the same faults as before with this seed' \
      --faults 'how many faults to make at a time: 1 or 2' ;;
    mend) printf '%s\t%s\n' \
      --reveal 'tell which faults they were' ;;
    try) printf '%s\t%s\n' \
      --keep 'let the lab run on; what steps changed is undone' \
      --from 'begin from a checkpoint of this experiment’s lab instead of fresh machines' \
      --kernel 'a kernel for all machines (6.12.94, 6.1, sid), or for one: director=7.2' \
      --module 'an ip_vs.ko of your own for all directors, or for one: director=FILE' \
      --provider 'qemu or vagrant; by default LAB_PROVIDER, the running lab or the lab file decides' \
      --no-setup 'do not install missing packages, only name them' ;;
    bug) printf '%s\t%s\n' \
      --mended 'with what mends it, which its file names' \
      --rounds 'do so many rounds, also after a hit, to measure how often it shows' \
      --calibrate 'do so many rounds with the bug and with what mends it, and say how many it takes to know' \
      --export 'write a bug report, from which lab bug does the same again' \
      --kernel 'a kernel for all machines (6.12.94, 6.1, sid), or for one: director=7.2' \
      --module 'an ip_vs.ko of your own for all directors, or for one: director=FILE' \
      --provider 'qemu or vagrant; by default LAB_PROVIDER, the running lab or the lab file decides' \
      --no-setup 'do not install missing packages, only name them' ;;
    bisect) printf '%s\t%s\n' \
      --good 'a kernel that does not have the bug' \
      --bad 'one that has it' \
      --git 'a kernel’s repository: good and bad are commits of it, and IPVS is built from each' \
      --kernel 'with --git: the kernel that IPVS is built for' \
      --provider 'qemu or vagrant; by default LAB_PROVIDER, the running lab or the lab file decides' \
      --no-setup 'do not install missing packages, only name them' ;;
    batch) printf '%s\t%s\n' \
      --jobs 'number of jobs at once; by default as many as memory and cores allow' \
      --shard 'do one part of the jobs alone, such as 3/8' \
      --on 'let a queue do them: slurm, of a cluster whose nodes share this folder' \
      --results 'where results are kept; NAME.results without it' \
      --dry-run 'print the jobs, and do none of them' \
      --provider 'qemu or vagrant; by default LAB_PROVIDER, the running lab or the lab file decides' \
      --no-setup 'do not install missing packages, only name them' ;;
    'exercise list') printf '%s\t%s\n' \
      --language 'en or de; by default LAB_LANGUAGE, or en' ;;
    'exercise show') printf '%s\t%s\n' \
      --student 'whose variant; LAB_STUDENT, or who is logged in, without it' \
      --course 'another course has other variants; LAB_COURSE without it' \
      --language 'en or de; by default LAB_LANGUAGE, or en' ;;
    'exercise start') printf '%s\t%s\n' \
      --student 'whose variant; LAB_STUDENT, or who is logged in, without it' \
      --course 'another course has other variants; LAB_COURSE without it' \
      --language 'en or de; by default LAB_LANGUAGE, or en' \
      --provider 'qemu or vagrant; by default LAB_PROVIDER, the running lab or the lab file decides' \
      --no-setup 'do not install missing packages, only name them' ;;
    'exercise reset') printf '%s\t%s\n' \
      --student 'whose variant; LAB_STUDENT, or who is logged in, without it' \
      --course 'another course has other variants; LAB_COURSE without it' \
      --language 'en or de; by default LAB_LANGUAGE, or en' \
      --provider 'qemu or vagrant; by default LAB_PROVIDER, the running lab or the lab file decides' \
      --no-setup 'do not install missing packages, only name them' ;;
    'exercise check') printf '%s\t%s\n' \
      --student 'whose variant; LAB_STUDENT, or who is logged in, without it' \
      --course 'another course has other variants; LAB_COURSE without it' \
      --language 'en or de; by default LAB_LANGUAGE, or en' \
      --answer 'the answer to a task; words have blanks or commas between them' ;;
    'exercise hint') printf '%s\t%s\n' \
      --student 'whose variant; LAB_STUDENT, or who is logged in, without it' \
      --course 'another course has other variants; LAB_COURSE without it' \
      --language 'en or de; by default LAB_LANGUAGE, or en' ;;
    'exercise submit') printf '%s\t%s\n' \
      --student 'whose variant; LAB_STUDENT, or who is logged in, without it' \
      --course 'another course has other variants; LAB_COURSE without it' \
      --language 'en or de; by default LAB_LANGUAGE, or en' \
      --to 'the file; without it one named by exercise and student' ;;
    'class grade') printf '%s\t%s\n' \
      --course 'refuse submissions of other courses' \
      --roster 'names of the class, one per line or as CSV, to list who handed in nothing' \
      --jobs 'number of labs at once; by default as many as cores and memory allow' \
      --csv 'also write a table for spreadsheets' \
      --xlsx 'also write a workbook: submissions, and their tasks' \
      --junit 'also write JUnit’s XML' \
      --result 'also write a result.json of Classroom 50 for each submission' \
      --language 'en or de; by default LAB_LANGUAGE, or en' \
      --provider 'qemu or vagrant; by default LAB_PROVIDER, the running lab or the lab file decides' \
      --no-setup 'do not install missing packages, only name them' ;;
    down) printf '%s\t%s\n' \
      --all 'stop all your labs, in whatever folder they were started' \
      --dry-run 'list the labs that would be stopped, and stop none' ;;
    stats) printf '%s\t%s\n' \
      --watch 'repeat every two seconds' ;;
    import) printf '%s\t%s\n' \
      --output 'write the lab file here; an existing file is never changed' \
      --service 'only these services: ADDRESS, ADDRESS:PORT or tcp/ADDRESS:PORT, or “mark 7”' \
      --config-id 'the configuration that lines @ID of a keepalived.conf are for' \
      --real-servers 'use at most so many machines; real servers share them if there are more; default 64' \
      --yes 'with ssh://: do not ask before the commands run' ;;
    try-config) printf '%s\t%s\n' \
      --config-id 'the configuration that lines @ID of the file are for' ;;
    simulate) printf '%s\t%s\n' \
      --weights 'weights of rs1, rs2, …, in the order they are added' \
      --requests 'number of connections' \
      --hold 'keep connections open; otherwise each closes before the next' \
      --flags 'flags of sh and mh: sh-fallback, sh-port, mh-fallback, mh-port' \
      --clients 'number of client addresses, which take turns' \
      --upper 'upper threshold of each real server (ipvsadm -x)' ;;
    compare) printf '%s\t%s\n' \
      --requests 'requests of each kind in each lab' \
      --instructions 'also count the instructions of the director’s kernel' \
      --growth 'measure one lab as its director’s work grows, by IPVS and by nft' \
      --rounds 'with --growth: how often each size is measured' \
      --against 'what --json printed before: say which numbers differ' \
      --svg 'write the bytes through the directors as a picture' \
      --csv 'write a row for each lab and kind of request, or each scheduler' \
      --no-setup 'do not install missing packages, only name them' \
      --schedulers 'compare these; computed as the kernel does, without a machine' \
      --servers 'number of real servers, with weight 1 each' \
      --weights 'weights of rs1, rs2, …, in the order they are added' \
      --connections 'number of connections, each from another client, which stay open' \
      --vips 'number of VIPs, as a service by mark may have' \
      --flags 'flags of sh and mh: sh-fallback, sh-port, mh-fallback, mh-port' \
      --seed 'draw other clients' ;;
    render) printf '%s\t%s\n' \
      --node 'print only the scripts of this node' \
      --real-servers 'number of real servers, 1 to 64' \
      --scheduler 'use this scheduler instead of the lab file’s' \
      --with 'add a web site with these servers: nfs, php, mysql' ;;
    save) printf '%s\t%s\n' \
      --to 'write it to one file, for another computer, and do not keep it here' ;;
    load) printf '%s\t%s\n' \
      --replace 'load a FILE even if a lab of its name runs, which is then stopped' \
      --no-setup 'do not install missing packages, only name them' ;;
    forget) printf '%s\t%s\n' \
      --in 'the folder in which the lab was started, if it is another one' ;;
    'image build') printf '%s\t%s\n' \
      --release 'Debian release, 12 or 13' \
      --kernel 'Debian’s kernel, cloud or generic' \
      --small 'only what most labs need: directors, web servers, clients' \
      --force 'build it again, with current packages' \
      --no-setup 'do not install missing packages, only name them' ;;
    'image box') printf '%s\t%s\n' \
      --release 'Debian release, 12 or 13' \
      --add 'add the box to your Vagrant as well' \
      --no-setup 'do not install missing packages, only name them' ;;
    'image prune') printf '%s\t%s\n' \
      --all 'remove everything that no machine uses' ;;
    kernels) printf '%s\t%s\n' \
      --update 'read Debian’s archive again' \
      --all 'also generic kernels, which have all modules' ;;
    build-module) printf '%s\t%s\n' \
      --kernel 'the kernel that loads it: 6.12.118, 6.12, sid' \
      --to 'the folder for the modules; by default modules/KERNEL' \
      --no-setup 'do not install missing packages, only name them' ;;
  esac
  # Every command has these.
  printf '%s\t%s\n' \
      --json 'print one JSON document on stdout' \
      --verbose 'report every step as it happens' \
      --quiet 'print only results, warnings and errors'
}
arguments_of() {
  case $1 in
    run) echo lab ;;
    up) echo lab ;;
    verify) echo lab ;;
    path) echo lab ;;
    report) echo lab ;;
    watch) echo lab ;;
    capture) echo lab network+ ;;
    diff) echo lab node ;;
    diagnose) echo lab ;;
    faults) echo lab ;;
    break) echo lab fault none+ ;;
    mend) echo lab ;;
    try) echo file ;;
    bugs) echo none ;;
    bug) echo bug ;;
    bisect) echo bug ;;
    batch) echo file ;;
    'exercise list') echo none ;;
    'exercise show') echo exercise ;;
    'exercise start') echo exercise ;;
    'exercise reset') echo exercise ;;
    'exercise check') echo exercise ;;
    'exercise hint') echo exercise none ;;
    'exercise submit') echo exercise ;;
    'class grade') echo file+ ;;
    down) echo lab ;;
    status) echo lab ;;
    list) echo none ;;
    ssh) echo lab node none+ ;;
    'rules show') echo lab ;;
    'rules save') echo lab ;;
    'rules restore') echo lab ;;
    'rules clear') echo lab ;;
    stats) echo lab ;;
    connections) echo lab ;;
    import) echo file+ ;;
    try-config) echo lab file ;;
    simulate) echo '=rr,wrr,lc,wlc,lblc,lblcr,dh,sh,sed,nq,fo,ovf,mh,twos' ;;
    compare) echo lab+ ;;
    render) echo lab ;;
    reset) echo lab node ;;
    save) echo lab none ;;
    load) echo lab none ;;
    checkpoints) echo lab ;;
    forget) echo lab none ;;
    doctor) echo none ;;
    'image build') echo none ;;
    'image box') echo none ;;
    'image list') echo none ;;
    'image check') echo none ;;
    'image prune') echo none ;;
    kernels) echo none ;;
    build-module) echo file ;;
    completion) echo '=bash,zsh,fish,powershell' ;;
  esac
}
# The kind of value that an option takes; nothing of one that takes none.
value_of() {
  case $1 in
    'run --real-servers') echo none ;;
    'run --requests') echo none ;;
    'run --scheduler') echo '=rr,wrr,lc,wlc,lblc,lblcr,dh,sh,sed,nq,fo,ovf,mh,twos' ;;
    'run --with') echo none ;;
    'run --kernel') echo kernel ;;
    'run --module') echo none ;;
    'run --provider') echo '=qemu,vagrant' ;;
    'up --real-servers') echo none ;;
    'up --scheduler') echo '=rr,wrr,lc,wlc,lblc,lblcr,dh,sh,sed,nq,fo,ovf,mh,twos' ;;
    'up --with') echo none ;;
    'up --kernel') echo kernel ;;
    'up --module') echo none ;;
    'up --provider') echo '=qemu,vagrant' ;;
    'verify --requests') echo none ;;
    'path --service') echo none ;;
    'path --to') echo node ;;
    'path --size') echo none ;;
    'path --html') echo file ;;
    'path --svg') echo file ;;
    'path --pcapng') echo file ;;
    'report --html') echo file ;;
    'report --markdown') echo file ;;
    'report --junit') echo file ;;
    'report --ktap') echo file ;;
    'report --against') echo file ;;
    'report --language') echo none ;;
    'watch --port') echo none ;;
    'watch --language') echo none ;;
    'capture --write') echo file ;;
    'capture -w') echo file ;;
    'capture --seconds') echo none ;;
    'capture --packets') echo none ;;
    'diagnose --requests') echo none ;;
    'break --seed') echo none ;;
    'break --faults') echo none ;;
    'try --from') echo none ;;
    'try --kernel') echo kernel ;;
    'try --module') echo none ;;
    'try --provider') echo '=qemu,vagrant' ;;
    'bug --rounds') echo none ;;
    'bug --calibrate') echo none ;;
    'bug --export') echo file ;;
    'bug --kernel') echo kernel ;;
    'bug --module') echo none ;;
    'bug --provider') echo '=qemu,vagrant' ;;
    'bisect --good') echo none ;;
    'bisect --bad') echo none ;;
    'bisect --git') echo none ;;
    'bisect --kernel') echo kernel ;;
    'bisect --provider') echo '=qemu,vagrant' ;;
    'batch --jobs') echo none ;;
    'batch --shard') echo none ;;
    'batch --on') echo none ;;
    'batch --results') echo folder ;;
    'batch --provider') echo '=qemu,vagrant' ;;
    'exercise list --language') echo none ;;
    'exercise show --student') echo none ;;
    'exercise show --course') echo none ;;
    'exercise show --language') echo none ;;
    'exercise start --student') echo none ;;
    'exercise start --course') echo none ;;
    'exercise start --language') echo none ;;
    'exercise start --provider') echo '=qemu,vagrant' ;;
    'exercise reset --student') echo none ;;
    'exercise reset --course') echo none ;;
    'exercise reset --language') echo none ;;
    'exercise reset --provider') echo '=qemu,vagrant' ;;
    'exercise check --student') echo none ;;
    'exercise check --course') echo none ;;
    'exercise check --language') echo none ;;
    'exercise check --answer') echo none ;;
    'exercise hint --student') echo none ;;
    'exercise hint --course') echo none ;;
    'exercise hint --language') echo none ;;
    'exercise submit --student') echo none ;;
    'exercise submit --course') echo none ;;
    'exercise submit --language') echo none ;;
    'exercise submit --to') echo file ;;
    'class grade --course') echo none ;;
    'class grade --roster') echo file ;;
    'class grade --jobs') echo none ;;
    'class grade --csv') echo file ;;
    'class grade --xlsx') echo file ;;
    'class grade --junit') echo file ;;
    'class grade --result') echo folder ;;
    'class grade --language') echo none ;;
    'class grade --provider') echo '=qemu,vagrant' ;;
    'import --output') echo file ;;
    'import --service') echo none ;;
    'import --config-id') echo none ;;
    'import --real-servers') echo none ;;
    'try-config --config-id') echo none ;;
    'simulate --weights') echo none ;;
    'simulate --requests') echo none ;;
    'simulate --flags') echo none ;;
    'simulate --clients') echo none ;;
    'simulate --upper') echo none ;;
    'compare --requests') echo none ;;
    'compare --rounds') echo none ;;
    'compare --against') echo file ;;
    'compare --svg') echo file ;;
    'compare --csv') echo file ;;
    'compare --schedulers') echo none ;;
    'compare --servers') echo none ;;
    'compare --weights') echo none ;;
    'compare --connections') echo none ;;
    'compare --vips') echo none ;;
    'compare --flags') echo none ;;
    'compare --seed') echo none ;;
    'render --node') echo node ;;
    'render --real-servers') echo none ;;
    'render --scheduler') echo '=rr,wrr,lc,wlc,lblc,lblcr,dh,sh,sed,nq,fo,ovf,mh,twos' ;;
    'render --with') echo none ;;
    'save --to') echo file ;;
    'forget --in') echo folder ;;
    'image build --release') echo '=12,13' ;;
    'image build --kernel') echo '=cloud,generic' ;;
    'image box --release') echo '=12,13' ;;
    'build-module --kernel') echo kernel ;;
    'build-module --to') echo folder ;;
  esac
}
faults() {
  printf '%s\t%s\n' \
    accept-queue-full 'all workers of a real server’s daemon wait for silent clients, and its accept queue is full' \
    arp-announce-missing 'real servers send ARP requests with the VIP as sender: of the two ARP sysctls only arp_announce is 0' \
    arp-ignore-missing 'real servers answer ARP for the VIP: of the two ARP sysctls only arp_ignore is 0' \
    arp-sysctls-missing 'real servers answer ARP for the VIP: arp_ignore and arp_announce are 0' \
    blackhole-route 'a real server has a blackhole route to the client' \
    check-lies 'health checks report every real server as healthy without asking it' \
    check-page-wrong 'health checks ask for a page that no real server has' \
    checker-dead 'the program that checks the real servers is dead or hangs' \
    clock-daemon-down 'chrony is down on a real server or on the director' \
    clock-wrong 'the clock of a real server is two hours fast' \
    daemon-down 'the daemon of a real server is down' \
    daemon-stopped 'the daemon of a real server is frozen by the signal SIGSTOP' \
    database-password-wrong 'WordPress uses a wrong password for the database' \
    director-address-twice 'a real server also has the address of the director' \
    director-vip-missing 'the director lacks the VIP' \
    director-vip-on-lo 'the director has the VIP on lo and not on its NIC' \
    disk-full 'the disk of a server of the web site is full' \
    export-withdrawn 'the NFS server runs but exports nothing' \
    firewall-answers-drop 'a firewall on a real server lets only packets from its RIP out' \
    firewall-director-drop 'a firewall on the director drops the requests of a service' \
    firewall-forward-drop 'a firewall drops all packets that are forwarded: iptables -P FORWARD DROP' \
    firewall-legacy 'a rule of iptables-legacy drops the requests of a service on a real server' \
    firewall-neighbours-drop 'a firewall on a real server drops requests for its MAC address' \
    firewall-rejects 'a firewall on a real server rejects the requests of a service' \
    firewall-ssh-only 'a firewall on a real server lets only SSH in' \
    firewall-stateful 'a firewall on the director drops packets of connections that it does not know' \
    forwarding-off 'the director or the router does not forward packets' \
    gateway-missing 'a real server has no default gateway' \
    gateway-wrong 'the default gateway of a real server is a wrong machine' \
    gue-port-closed 'a real server does not unwrap GUE' \
    helper-missing 'the director lacks the kernel module that reads the protocol of a service' \
    icmp-filtered 'a firewall on the client drops the ICMP errors that say that a packet is too long' \
    ipvs-drops-packets 'IPVS drops packets as if it were attacked: drop_packet is 3' \
    line-bursts 'the line from a machine to the network loses frames in bursts' \
    line-cut 'the line from a machine to the network is cut' \
    line-delay 'the line from a machine to the network delays each frame by three quarters of a second' \
    line-duplicates 'the line from a machine to the network delivers half of the frames twice' \
    line-loss 'the line from a machine to the network loses four of ten frames that the machine sends' \
    line-reorders 'the line from a machine to the network reorders frames' \
    line-short-frames 'the line from a machine to the network loses long frames' \
    listen-port-wrong 'the web server of a real server listens on another port' \
    load-ignored 'the script that measures the load of the real servers always reports that they are idle' \
    long-answers-drop 'packets of more than 1200 bytes are lost on their way out of a real server' \
    marks-changed 'another firewall rule on the director changes the firewall mark of a service' \
    marks-missing 'the director does not set the firewall mark on the packets of a service' \
    method-wrong 'the director uses a forwarding method for which a real server is not set up' \
    mtu-black-hole 'packets of more than 1200 bytes are lost on their way into a real server' \
    neighbour-wrong 'a machine has a permanent neighbour entry with a wrong MAC address' \
    nfs-server-down 'the NFS server is stopped' \
    nic-address-wrong 'the NIC of a real server has another MAC address' \
    nic-delay 'the NIC of a real server sends each packet three quarters of a second late' \
    nic-down 'the NIC of a real server is down' \
    nic-forwarding-off 'the director or the router does not forward packets that come in by one NIC' \
    nic-loss 'the NIC of a real server loses four of ten packets that it should send' \
    one-packet-off 'one-packet scheduling is off' \
    page-empty 'the web server of a real server answers with an empty page' \
    page-error 'the web server of a real server answers every request with status 500' \
    page-forbidden 'the web server of a real server may not read its page' \
    page-slow 'the web server of a real server takes two seconds for each page' \
    persistence-left 'a service is persistent by mistake' \
    php-down 'PHP-FPM is down on the PHP server' \
    proxy-arp 'a real server answers ARP for addresses of other machines: proxy_arp_pvlan is 1' \
    router-rp-filter-strict 'the reverse path filter of the router is strict' \
    rp-filter-all-strict 'the reverse path filter of all interfaces of a real server is strict' \
    rp-filter-loose 'the reverse path filter of the tunnel device is loose, which is harmless' \
    rp-filter-strict 'the reverse path filter of the tunnel device is strict' \
    rule-prohibits 'a routing rule of a real server prohibits packets to the client' \
    scheduler-wrong 'the scheduler of a service is sh instead of one that takes turns' \
    server-missing 'a service of the director lacks a real server' \
    server-port-wrong 'the director sends requests to a port of a real server where nobody listens' \
    service-missing 'a director lacks a service in its IPVS table' \
    site-files-unmounted 'a machine has not mounted the files of the site' \
    site-writer-missing 'WordPress is only half set up: it has no user' \
    small-mtu 'the NIC of a real server has a smaller MTU than the others' \
    source-address-wrong 'the route of the director to a real server names the VIP as source address' \
    source-nat 'the director gives requests its own address as source, which is harmless' \
    split-brain 'a firewall on the second director drops the advertisements of the first' \
    sync-daemon-missing 'a director lacks its master or its backup sync daemon' \
    sync-id-wrong 'the sync daemons of a director have another ID than those of the other director' \
    sync-interface-wrong 'the sync daemons of a director use lo instead of its NIC' \
    threshold-low 'each real server of a service may have only one connection: its upper threshold is 1' \
    timeouts-short 'IPVS forgets connections after a few seconds without a packet' \
    tunnel-down 'the tunnel device of a real server is down' \
    tunnel-type-wrong 'the director wraps requests in IP in IP, but a real server expects another tunnel' \
    vip-elsewhere 'a machine that is neither the director nor a real server has the VIP' \
    vip-missing 'a real server lacks the VIP' \
    vip-on-dummy 'a real server has the VIP on a dummy device, which is harmless' \
    vip-on-nic 'a real server has the VIP on its NIC' \
    vip-wide-prefix 'a real server has the VIP on lo with the prefix of the whole network' \
    vrrp-daemon-dead 'keepalived was killed on one of two directors' \
    weight-zero 'a real server has weight 0: it is quiesced' \
    wrong-listen 'the web server of a real server listens only on its RIP'
}

# Each file of a pattern: its name, and its title. It starts no process: there are many files.
files_of() {
  set +f
  for file in $1; do
    [ -f "$file" ] || continue
    title=
    while read -r key value; do
      [ "$key" != title: ] || title=$value
      case $title$key in ?*: | '#'* | '') ;; *) break ;; esac
    done < "$file"
    name=${file##*/}
    printf '%s\t%s\n' "${name%.*}" "$title"
  done
  set -f
}

# The names of a pattern of folders.
folders_of() {
  set +f
  for folder in $1; do
    [ -d "$folder" ] || continue
    folder=${folder%/}
    echo "${folder##*/}"
  done
  set -f
}

# What a function finds of a pattern in this folder and in the kit's, which can be the same.
both() {
  "$1" "$2"
  [ "$(pwd -P)" = "$kit" ] || "$1" "$kit/$2"
}

nodes() {
  [ -f ".lab/$lab/ssh_config" ] || return 0
  while read -r word node _; do
    if [ "$word" = Host ] && [ "$node" != '*' ]; then echo "$node"; fi
  done < ".lab/$lab/ssh_config"
}

# What a kind of word can be. `file` and `folder` are the shell's own business.
words_of() {
  case $1 in
    lab)
      folders_of '.lab/*/'
      both files_of 'labs/*.yaml'
      ;;
    node) nodes ;;
    fault) faults ;;
    bug) both files_of 'labs/bugs/*.yaml' ;;
    exercise) both folders_of 'labs/exercises/*/' ;;
    kernel)
      printf '%s\n' cloud generic
      folders_of "$cache/kernels/*/"
      ;;
    network) printf '%s\n' front back remote ;;
    file | folder) echo "@$1" ;;
    =*)
      IFS=,
      # shellcheck disable=SC2086 # words
      printf '%s\n' ${1#=}
      unset IFS
      ;;
  esac
}

[ "${1-}" != help ] || shift
command=
lab=
place=0
expected=
while [ $# -gt 1 ]; do
  if [ -n "$expected" ]; then
    expected=
  else
    case $1 in
      --) place=99 ;;
      -*) expected=$(value_of "$command $1") ;;
      *)
        longer=${command:+$command }$1
        if [ -n "$(arguments_of "$longer")$(commands_of "$longer")" ]; then
          command=$longer
        else
          place=$((place + 1))
          [ -n "$lab" ] || lab=$1
        fi
        ;;
    esac
  fi
  shift
done
typed=${1#:}

if [ -n "$expected" ]; then
  words_of "$expected"
else
  case $typed in
    -*) options_of "$command" ;;
    *)
      [ $place -gt 0 ] || commands_of "$command"
      # shellcheck disable=SC2046 # kinds
      set -- $(arguments_of "$command")
      # `+` is behind the kind of an argument that can be given again and again.
      while [ $place -gt 0 ] && [ $# -gt 0 ]; do
        case $1 in *+) break ;; esac
        shift
        place=$((place - 1))
      done
      [ $# -eq 0 ] || words_of "${1%+}"
      ;;
  esac
fi | while IFS= read -r line; do
  case $line in
    "$typed"* | @*) printf '%s\n' "$line" ;;
  esac
done
