# SPDX-License-Identifier: Apache-2.0
# What every scene of daemons stands on: network namespaces, cables between them, a bridge that repeats all to a tap.
# Read by make; whoever reads it has `hosts` and `here`.

work=$(mktemp -d /tmp/captures.XXXXXX)
chmod 755 "$work"
spaces=()
cleanup() {
  trap - EXIT
  trap '' INT TERM  # timeout tells us twice; the second must not cut this short
  set +e
  local space
  for space in "${spaces[@]}"; do ip netns pids "$space" 2>/dev/null | xargs -r kill 2>/dev/null || true; done
  sleep 0.5
  for space in "${spaces[@]}"; do
    ip netns pids "$space" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
    ip netns del "$space" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

space() { echo "cap$$-$1"; }
add_space() {
  mkdir -p "$work/$1"
  ip netns add "$(space "$1")"
  spaces+=("$(space "$1")")
  ip -n "$(space "$1")" link set lo up
}

# A segment is a bridge that learns nothing, so that it repeats all to all, the tap included.
add_segment() {
  add_space "switch-$1"
  ip netns exec "$(space "switch-$1")" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip -n "$(space "switch-$1")" link add br0 type bridge ageing_time 0 mcast_snooping 0 group_fwd_mask 0xfff8
  ip -n "$(space "switch-$1")" link set br0 up
  plug "$1" tap
  ip netns exec "$(space "switch-$1")" tcpdump -q -U -n -s 1514 -i tap-out -w "$work/$1.pcap" 2>/dev/null &
}
# plug SEGMENT PORT: a cable whose end, PORT-out, is left in the switch's namespace.
plug() {
  ip -n "$(space "switch-$1")" link add "$2-in" type veth peer name "$2-out"
  ip -n "$(space "switch-$1")" link set "$2-in" master br0 up
  ip -n "$(space "switch-$1")" link set "$2-out" up
}
# add_host NAME SEGMENT MAC IP [NAMESPACE INTERFACE]
add_host() {
  local name=$1 segment=$2 own=$3 where=$4 at=${5:-$1} port=${6:-eth0} net
  net=${where%.*}
  [ "$at" != "$name" ] || add_space "$name"
  plug "$segment" "$name"
  ip -n "$(space "switch-$segment")" link set "$name-out" down
  ip -n "$(space "switch-$segment")" link set "$name-out" netns "$(space "$at")"
  ip -n "$(space "$at")" link set "$name-out" name "$port" address "$own"
  ip netns exec "$(space "$at")" ethtool -K "$port" tx off tso off gso off gro off >/dev/null
  [ "$at" != "$name" ] || ip netns exec "$(space "$at")" sysctl -qw net.ipv6.conf.$port.router_solicitations=1
  ip -n "$(space "$at")" link set "$port" up
  ip -n "$(space "$at")" addr add "$where/24" dev "$port"
  [ "$at" != "$name" ] || [ "$name" = gw ] || ip -n "$(space "$at")" route add default via "$net.1"
}
# inside HOST COMMAND...: with a /run, a host name and a resolver of its own, so that nothing of this machine shows.
inside() {
  local host=$1
  shift
  mkdir -p "$work/$host"
  echo "127.0.0.1 localhost $host" >"$work/$host/hosts"
  echo 'nameserver 192.168.10.5' >"$work/$host/resolv.conf"
  ip netns exec "$(space "$host")" unshare --uts sh -c '
    hostname "$1"; mount -t tmpfs none /run; mkdir -p /run/samba /run/sshd /run/lldpd /run/avahi-daemon /run/snmpd
    mount --bind "$2/hosts" /etc/hosts; mount --bind "$2/resolv.conf" /etc/resolv.conf
    [ ! -d "$2/avahi" ] || mount --bind "$2/avahi" /etc/avahi
    shift 2; exec "$@"' sh "$host" "$work/$host" "$@"
}
daemon() { mkdir -p "$work/$1"; inside "$@" >>"$work/$1/log" 2>&1 & }
at() { local host=$1; shift; inside "$host" timeout 6 "$@" >/dev/null 2>&1 || true; }
host_mac() { hosts | awk -F'|' -v name="$1" '$1 == name { print $3 }'; }

# --- what they run -------------------------------------------------------------------------------------------
vrp='Huawei Versatile Routing Platform Software VRP (R) software, Version 5.170'
by_lldp() {  # HOST DESCRIPTION PLATFORM OPTIONS, then further configuration, one command an argument
  local host=$1 description=$2 platform=$3 options=$4 command
  shift 4
  mkdir -p "$work/$host"
  for command in "system hostname $host" "system description '$description'" "lldp tx-interval 3" "lldp tx-hold 40" "$@"; do
    echo "configure $command"
  done >"$work/$host/lldpd.conf"
  daemon "$host" lldpd -d -k -S "$description" -P "$platform" -u "$work/$host/socket" -O "$work/$host/lldpd.conf" \
    -I eth0 -C eth0 -m '192.168.*' $options
}
by_snmp() {  # HOST ENGINE DESCRIPTION OBJECT-ID
  mkdir -p "$work/$1"
  {
    printf 'agentaddress udp:161\nrocommunity public\nsysName %s\nsysLocation rack 2\n' "$1"
    [ "$2" = - ] || echo "exactEngineID 0x$2"
    [ "$3" = - ] || echo "sysDescr $3"
    [ "$4" = - ] || echo "sysObjectID $4"
    printf 'createUser monitor SHA only-for-captures AES only-for-captures\nrouser monitor authpriv\n'
  } >"$work/$1/snmpd.conf"
  daemon "$1" env SNMP_PERSISTENT_DIR="$work/$1/snmp" snmpd -f -Le -C -c "$work/$1/snmpd.conf"
}
by_banner() {
  mkdir -p "$work/$1"
  printf '#!/bin/sh\nprintf "%s\\r\\n"\nsleep 1\n' "$2" >"$work/$1/banner"
  daemon "$1" socat TCP-LISTEN:22,fork,reuseaddr EXEC:"sh $work/$1/banner"
}
by_sshd() {
  mkdir -p "$work/$1"
  ssh-keygen -q -t ed25519 -N '' -f "$work/$1/key"
  daemon "$1" /usr/sbin/sshd -D -e -f /dev/null -o HostKey="$work/$1/key" -o PidFile=none -o VersionAddendum=office
}
by_mdns() {  # HOST, then the service file on standard input
  mkdir -p "$work/$1/avahi/services"
  printf '[server]\nhost-name=%s\nuse-ipv6=no\nenable-dbus=no\nallow-interfaces=eth0\n[publish]\npublish-workstation=no\n' \
    "$1" >"$work/$1/avahi/avahi-daemon.conf"
  cat >"$work/$1/avahi/services/one.service"
  daemon "$1" avahi-daemon --no-drop-root --no-chroot --no-rlimits
}
by_ssdp() {  # HOST SERVICE SERVER LOCATION
  daemon "$1" sh -c 'minissdpd -d -i eth0 -p /run/minissdpd.pid & sleep 1
    python3 "$1/device.py" ssdp "$2" "uuid:00000000-0000-1000-8000-$5::$2" "$3" "$4"; wait' \
    sh "$here" "$2" "$3" "$4" "$(host_mac "$1" | tr -d :)"
}
by_nginx() {
  mkdir -p "$work/$1/www"
  cat >"$work/$1/www/index.html"
  cat >"$work/$1/nginx.conf" <<CONF
daemon off; master_process off; pid $work/$1/nginx.pid; error_log stderr;
events {}
http { access_log off; server_tokens on; server { listen 80; root $work/$1/www; } }
CONF
  daemon "$1" nginx -e stderr -c "$work/$1/nginx.conf"
}
play() { local host=$1; shift; daemon "$host" python3 "$here/device.py" "$@"; }
lease() {  # HOST CLASS NAME: four and six
  mkdir -p "$work/$1"
  printf 'timeout 10;\nsend vendor-class-identifier "%s";\nsend host-name "%s";\nrequest subnet-mask, routers, domain-name-servers;\n' \
    "$2" "$3" >"$work/$1/dhclient.conf"
  inside "$1" timeout 12 dhclient -1 -v -sf /bin/true -cf "$work/$1/dhclient.conf" -lf "$work/$1/leases" \
    -pf "$work/$1/dhclient.pid" eth0 >>"$work/$1/log" 2>&1 || echo "make: $1 got no lease" >&2
}
lease6() {
  inside "$1" timeout 8 dhclient -6 -1 -v -D LL -sf /bin/true -cf /dev/null -lf "$work/$1/leases6" \
    -pf "$work/$1/dhclient6.pid" eth0 >>"$work/$1/log" 2>&1 || echo "make: $1 got no IPv6 lease" >&2
}
