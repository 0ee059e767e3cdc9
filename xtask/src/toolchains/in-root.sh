# Runs a program inside a Debian root: sh -c "$THIS" sh ROOT FOLDER SHOWN… -- NAME=VALUE… PROGRAM ARGUMENT…
# FOLDER is where the program works; SHOWN are folders of the machine that it is to see.
# It is started in a mount namespace and a process namespace of its own (unshare), and unmounts nothing: the mounts exist in
# that namespace only, and the kernel takes them away with its last process. This shell is the first process of the process
# namespace; when it ends, or dies with unshare, the kernel ends whatever it has left. So nothing can stay mounted, however
# the run ends, and the machine's own mounts are never touched.
set -eu
root=$1 folder=$2
shift 2
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
# The same absolute path inside, so that what was built outside is found, and messages name files that exist.
while [ "$1" != -- ]; do
  mkdir -p "$root$1"
  mount --bind "$1" "$root$1"
  shift
done
shift
set +e
# Not exec: a first process that is not a shell would neither heed Ctrl-C nor bury its children.
chroot "$root" /usr/bin/env -i --chdir="$folder" PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 "$@"
exit $?
