#!/bin/sh
# A Slurm of its own: a controller and the nodes n1 and n2, each in a network, a host name and processes of its own, on one computer without
# systemd. It is called as root in new namespaces (cluster.ts), says `ready`, and ends with all its processes when its input ends.
# with-slurm.sh FOLDER
set -eu
state=$1
conf=$state/slurm.conf

mount -t tmpfs tmpfs /run/netns 2>/dev/null || { mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns; }
ip link set lo up
ip link add nodes type bridge
ip address add 10.77.0.1/24 dev nodes
ip link set nodes up
for number in 1 2; do
  node=n$number
  ip netns add $node
  ip link add to-$node type veth peer name eth0 netns $node
  ip link set to-$node master nodes up
  ip -n $node link set lo up
  ip -n $node address add 10.77.0.1$number/24 dev eth0
  ip -n $node link set eth0 up
done

# One munged serves all of them: its socket is a file, which it must reach.
chmod 755 "$state"
install -d -o munge -g munge -m 755 "$state/munge"
dd if=/dev/urandom of="$state/munge/key" bs=1024 count=1 2>/dev/null
chown munge:munge "$state/munge/key"
chmod 400 "$state/munge/key"
setpriv --reuid=munge --regid=munge --clear-groups munged --foreground --key-file="$state/munge/key" \
  --socket="$state/munge/socket" --pid-file="$state/munge/pid" --log-file="$state/munge/log" \
  --seed-file="$state/munge/seed" >"$state/munged.out" 2>&1 &

mkdir -p "$state/saved"
cat >"$conf" <<END
ClusterName=lab
SlurmctldHost=$(hostname)(10.77.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$state/munge/socket,cred_expire=5
StateSaveLocation=$state/saved
SlurmdSpoolDir=$state/spool-%n
SlurmctldPidFile=$state/slurmctld.pid
SlurmdPidFile=$state/slurmd-%n.pid
SlurmctldLogFile=$state/slurmctld.log
SlurmdLogFile=$state/slurmd-%n.log
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobCompType=jobcomp/none
SlurmdTimeout=5
MessageTimeout=2
KillWait=20
ReturnToService=2
SchedulerParameters=batch_sched_delay=0
SlurmdParameters=config_overrides
NodeName=n1 NodeAddr=10.77.0.11 CPUs=2 RealMemory=4000
NodeName=n2 NodeAddr=10.77.0.12 CPUs=2 RealMemory=4000
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
END
# Without it slurmd ends in a namespace.
echo "CgroupPlugin=cgroup/v1" >"$state/cgroup.conf"

slurmctld -D -f "$conf" >"$state/slurmctld.out" 2>&1 &
for node in n1 n2; do
  ip netns exec $node unshare --uts --pid --fork --kill-child --mount-proc \
    sh -c "hostname $node; exec slurmd -D -N $node -f '$conf'" >"$state/slurmd-$node.out" 2>&1 &
done

export SLURM_CONF="$conf"
until [ "$(sinfo --noheader --Node --states=idle 2>/dev/null | wc -l)" = 2 ]; do sleep 0.1; done
echo ready
cat >/dev/null
