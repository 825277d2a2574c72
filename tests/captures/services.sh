# SPDX-License-Identifier: Apache-2.0
# A room of servers, on a segment of its own: daemons that greet whoever connects, announce themselves to all, or tell
# the time. Read by make.

add_segment c
sleep 1
while IFS='|' read -r name _ own where _; do add_host "$name" c "$own" "$where"; done < <(hosts_of c)

# --- what they run -------------------------------------------------------------------------------------------
mkdir -p "$work"/{mail/postfix,mail/queue,mail/data,mail/dovecot,files/samba,base/data,bras,bridge,aaa,access,door,pbx,pe}

cp /usr/share/postfix/main.cf.dist "$work/mail/postfix/main.cf.proto" 2>/dev/null || true
cat >"$work/mail/postfix/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $work/mail/queue
data_directory = $work/mail/data
myhostname = mail.example.net
mydestination = mail.example.net
inet_interfaces = all
inet_protocols = ipv4
maillog_file = /dev/stdout
maillog_file_prefixes = /dev
alias_maps =
smtpd_banner = \$myhostname ESMTP \$mail_name (Debian/GNU)
CONF
cat >"$work/mail/postfix/master.cf" <<'CONF'
smtp inet n - n - - smtpd
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
CONF
chown postfix "$work/mail/data"
daemon mail postfix -c "$work/mail/postfix" start-fg
cat >"$work/mail/dovecot.conf" <<CONF
base_dir = $work/mail/dovecot
state_dir = $work/mail/dovecot
log_path = /dev/stderr
protocols = imap pop3
ssl = no
passdb {
  driver = static
  args = nopassword=y
}
CONF
daemon mail dovecot -F -c "$work/mail/dovecot.conf"

printf 'listen=YES\nbackground=NO\nanonymous_enable=YES\nsecure_chroot_dir=%s\n' "$work/files/samba" >"$work/files/vsftpd.conf"
daemon files vsftpd "$work/files/vsftpd.conf"
cat >"$work/files/smb.conf" <<CONF
[global]
netbios name = FILES
workgroup = HIKVISION
server string = backups of the Dahua recorder
local master = yes
preferred master = yes
lock directory = $work/files/samba
state directory = $work/files/samba
cache directory = $work/files/samba
private dir = $work/files/samba
pid directory = $work/files/samba
CONF
daemon files nmbd -F --no-process-group -s "$work/files/smb.conf" --debug-stdout
daemon files wsdd -4 -i eth0 -n FILES -w HIKVISION

daemon base mariadbd --no-defaults --user=root --datadir="$work/base/data" --skip-grant-tables --socket="$work/base/socket" \
  --bind-address=0.0.0.0 --innodb-buffer-pool-size=8M --innodb-log-file-size=4M --pid-file="$work/base/pid"
daemon base Xtigervnc :30 -rfbport 5900 -SecurityTypes None -localhost=0 -geometry 320x200

daemon bras pppoe-server -F -I eth0 -C bras-ME60-X8 -L 192.168.30.5 -R 192.168.31.1 -N 4
printf '#!/bin/sh\nprintf "\\r\\nHuawei MA5600T Multi-service Access Module\\r\\n\\r\\n>>User name:"\nread name\n' >"$work/bras/login"
chmod 755 "$work/bras/login"
daemon bras socat TCP-LISTEN:23,fork,reuseaddr EXEC:"telnetd -E $work/bras/login",nofork

inside bridge sh -c 'ip addr flush dev eth0; ip link add br0 address "$(cat /sys/class/net/eth0/address)" type bridge stp_state 1 \
  hello_time 100; ip link set eth0 master br0; ip link set br0 up; ip addr add 192.168.30.6/24 dev br0'
daemon clock ptp4l -i eth0 -S -4 -m --masterOnly=1 --free_running=1 --logAnnounceInterval=0
by_lldp summit 'ExtremeXOS (X460G2-24t-G4) version 22.4.1.4' 22.4.1.4 '-ee'
by_lldp icx 'Brocade Communications Systems, Inc. ICX6450-24, IronWare Version 08.0.30' ICX6450-24 '-ff'

cat >"$work/aaa/radiusd.conf" <<'CONF'
security { allow_core_dumps = no }
modules { }
client room { ipaddr = 192.168.30.0/24
  secret = only-for-captures }
server default {
  listen { type = auth
    ipaddr = 192.168.30.10
    port = 1812 }
  authorize { update control { Auth-Type := Accept } }
  post-auth { update reply { Huawei-Domain-Name := "office" } }
}
CONF
daemon aaa freeradius -X -d "$work/aaa" -D /usr/share/freeradius

openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout "$work/door/key" -out "$work/door/certificate" \
  -subj '/C=CN/ST=ZHEJIANG/L=HANGZHOU/O=HIKVISION/OU=DVRNVR/CN=www.hikvision.com' 2>/dev/null
cat >"$work/door/nginx.conf" <<CONF
daemon off; master_process off; pid $work/door/nginx.pid; error_log stderr;
events {}
http { access_log off; server { listen 443 ssl; ssl_protocols TLSv1.2; ssl_certificate $work/door/certificate;
  ssl_certificate_key $work/door/key; return 401; } }
CONF
daemon door nginx -e stderr -c "$work/door/nginx.conf"

cat >"$work/pbx/kamailio.cfg" <<'CONF'
#!KAMAILIO
log_stderror=yes
fork=no
children=1
listen=udp:192.168.30.13:5060
loadmodule "sl.so"
request_route { sl_send_reply("200", "OK"); }
CONF
daemon pbx kamailio -DD -E -f "$work/pbx/kamailio.cfg" -Y "$work/pbx" -P "$work/pbx/pid"
cat >"$work/pe/gobgpd.toml" <<'CONF'
[global.config]
as = 64512
router-id = "192.168.30.15"
[[bmp-servers]]
[bmp-servers.config]
address = "192.168.30.20"
port = 11019
CONF
daemon clerk socat -u TCP-LISTEN:11019,fork,reuseaddr OPEN:/dev/null
sleep 1
daemon pe gobgpd -f "$work/pe/gobgpd.toml" --api-hosts 127.0.0.1:50051
sleep 12  # the slowest of them, MariaDB, makes its files first

# --- what they say -------------------------------------------------------------------------------------------
greeted() { at clerk sh -c "{ $3; } | socat -t2 - TCP:192.168.30.$1:$2"; }  # HOST PORT what the client says
greeted 2 25 'sleep 1; printf "EHLO huawei-desk.example.net\r\nQUIT\r\n"; sleep 1'
greeted 2 143 'sleep 1; printf "a1 LOGOUT\r\n"; sleep 1'
greeted 2 110 'sleep 1; printf "QUIT\r\n"; sleep 1'
greeted 3 21 'sleep 1; printf "QUIT\r\n"; sleep 1'
greeted 4 3306 'sleep 1'
greeted 4 5900 'sleep 1; printf "RFB 003.008\n"; sleep 1'
# It looks up first who calls, and nobody answers.
inside clerk timeout 20 python3 "$here/device.py" ask-telnet 192.168.30.5 >/dev/null 2>&1 || true
at clerk curl -sk -m 4 https://192.168.30.12/
at clerk sipsak -s sip:100@192.168.30.13
at clerk pppoe -A -I eth0
echo 'User-Name = "subscriber-30", User-Password = "only-for-captures", NAS-IP-Address = 192.168.30.11,
  NAS-Identifier = "bras-30", ZTE-Client-DNS-Pri = "192.168.30.2"' >"$work/access/request"
at access radclient -D /usr/share/freeradius -f "$work/access/request" -r 1 -t 2 192.168.30.10 auth only-for-captures
while IFS='|' read -r name _ _ where _; do at clerk ping -q -c 1 -W 1 "$where" & done < <(hosts_of c)
sleep 4

# --- the file ------------------------------------------------------------------------------------------------
ip netns pids "$(space switch-c)" | xargs -r kill -INT
sleep 1
editcap -F pcapng "$work/c.pcap" "$here/services.pcapng"
