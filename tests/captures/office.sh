# SPDX-License-Identifier: Apache-2.0
# The office and the branch: who is plugged in where, which daemons run and who asks whom. Read by make.

# --- the office and the branch -------------------------------------------------------------------------------
add_segment a
add_segment b
sleep 1
while IFS='|' read -r name segment own where _; do
  if [ "$name" = gwb ]; then add_host gwb b "$own" "$where" gw eth1; else add_host "$name" "$segment" "$own" "$where"; fi
done < <(hosts_of a; hosts_of b)
ip netns exec "$(space gw)" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip -n "$(space gw)" addr add 2001:db8:10::1/64 dev eth0 nodad
mkdir -p "$work/gw" "$work/srv"

daemon gw dnsmasq -d --user=root --port=0 --conf-file=/dev/null --dhcp-leasefile="$work/gw/leases" --no-ping \
  --interface=eth0 --interface=eth1 --bind-interfaces --dhcp-relay=192.168.20.1,192.168.10.5 \
  --enable-ra --dhcp-range=2001:db8:10::100,2001:db8:10::1ff,64,1h --dhcp-duid=2011,41:52:36:35:31
daemon srv dnsmasq -d --user=root --conf-file=/dev/null --dhcp-leasefile="$work/srv/leases" --no-ping --no-resolv \
  --no-hosts --interface=eth0 --bind-interfaces --dhcp-range=192.168.10.100,192.168.10.199,1h \
  --dhcp-range=192.168.20.10,192.168.20.99,255.255.255.0,1h --dhcp-option=option:router,192.168.10.1 \
  --dhcp-host="$(host_mac laptop),192.168.10.101" --dhcp-host="$(host_mac phone),192.168.10.102" \
  --dhcp-host="$(host_mac galaxy),192.168.10.103" --dhcp-host="$(host_mac pi),192.168.20.11" \
  --address=/hik-connect.com/easy4ipcloud.com/hicloud.com/203.0.113.7

by_snmp gw "800007db03$(host_mac gw | tr -d :)" "Huawei AR651 $vrp (AR651 V300R019C11SPC200)" .1.3.6.1.4.1.2011.2.224.1
by_snmp sw "800007db03$(host_mac sw | tr -d :)" "S5720-36C-EI-AC $vrp (S5720 V200R011C10SPC600)" .1.3.6.1.4.1.2011.2.23.282
by_snmp olt "80000f3e03$(host_mac olt | tr -d :)" \
  'ZTE Ethernet Switch ZXR10 5950-36TM-H, Version: V3.03.20.B24P02' .1.3.6.1.4.1.3902.3.100
by_snmp radio 80009d69047265706561746572 'Repeater RD98X' .1.3.6.1.4.1.40297.1
by_snmp printer - 'Brother NC-8900h, Firmware Ver.Y' .1.3.6.1.4.1.2435.2.3.9.1
by_snmp srv - 'Linux srv 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian x86_64' -
by_snmp pi - 'Linux pi 6.1.21-v8+ #1642 SMP PREEMPT aarch64' -
by_banner gw SSH-2.0-HUAWEI-1.5
by_banner olt SSH-2.0-ZTE_SSH.2.0
by_sshd srv
by_sshd wiki
by_lldp sw "S5720-36C-EI-AC $vrp (S5720 V200R011C10SPC600) Copyright (C) Huawei Technologies Co., Ltd." VRP ''
by_lldp olt 'ZTE Ethernet Switch ZXR10 5950-36TM-H, Version: V3.03.20.B24P02 Copyright (c) by ZTE Corporation' ZXR10 ''
by_lldp cisco 'Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E4' 'cisco WS-C2960X-24TS-L' -cc
by_lldp desk 'Polycom VVX 411' VVX '-M 3' 'inventory manufacturer Polycom' 'inventory model VVX-411' \
  'inventory serial-number 64167f100041' 'inventory hardware-revision 3111-48450' 'inventory firmware-revision 5.9.7' \
  'inventory software-revision 5.9.7.3480' 'inventory asset room-12'

play cam web Hikvision-Webs 'IP Camera(D1234)'
play cam sadp "$(host_mac cam)" 192.168.10.21 DS-2CD2143G2-I DS-2CD2143G2-I20210528AAWRG12345678 192.168.10.1 'V5.7.1build 211130'
play lorex web Web 'Login to 4d0d6ba0ef1c1a8e36a2bd4a1c7a1f9e'
play lorex dhip "$(host_mac lorex)" 192.168.10.22 E841CA-E ND011910001234 192.168.10.1 Lorex '2.800.00LR000.0.R,2021-03-05'
play nocturn dhip "$(host_mac nocturn)" 192.168.10.24 VIP-3230-D-SL IB4M2700123AB 192.168.10.1 Intelbras '2.800.00IB00A.0.T,2021-08-19'
play axis web Apache AXIS_ACCC8E100023
play printer web debut/1.30 -
play nvr web DNVRS-Webs DS-7608NI-K2
by_nginx nas <<'PAGE'
<pre>How we found the cameras:
HTTP/1.1 401 Unauthorized
Server: Hikvision-Webs
WWW-Authenticate: Digest realm="HuaweiHomeGateway"

SSH-2.0-HUAWEI-1.5
Huawei Versatile Routing Platform Software</pre>
PAGE
by_nginx wiki <<<'<p>Branch wiki. Server: DNVRS-Webs is what the recorder says.</p>'
by_ssdp nas upnp:rootdevice 'Synology/DSM/192.168.10.32' http://192.168.10.32:5000/ssdp/desc-DSM-eth0.xml
by_ssdp wlan urn:schemas-upnp-org:device:InternetGatewayDevice:1 'Linux/2.6.31, UPnP/1.0, TP-LINK Archer C7' \
  http://192.168.10.40:1900/igd.xml
by_mdns printer <<'XML'
<service-group><name>Brother HL-L2350DW</name><service><type>_ipp._tcp</type><port>631</port>
<txt-record>ty=Brother HL-L2350DW series</txt-record><txt-record>usb_MFG=Brother</txt-record>
<txt-record>note=next to the Hikvision camera</txt-record></service></service-group>
XML
by_mdns axis <<'XML'
<service-group><name>AXIS P3245-V - ACCC8E100023</name><service><type>_axis-video._tcp</type><port>80</port>
<txt-record>macaddress=ACCC8E100023</txt-record></service></service-group>
XML
sleep 3

# --- what they say -------------------------------------------------------------------------------------------
lease laptop 'MSFT 5.0' LAPTOP-7Q2 &
lease phone HUAWEI:android:ELE HUAWEI_P30-3c1f1001 &
lease galaxy android-dhcp-13 Galaxy-A53 &
lease pi udhcp\ 1.36.1 branch-pi &
lease6 laptop &
sleep 7

while IFS='|' read -r name segment _ where _; do
  case $name in gw) ;; gwb) at gw arping -q -c 1 -I eth1 192.168.20.10 ;;
    *) at "$name" arping -q -c 1 -w 1 -I eth0 "${where%.*}.1" & at "$name" ping -q -c 1 -W 1 "${where%.*}.1" & ;; esac
done < <(hosts_of a; hosts_of b)
sleep 2
at poller python3 "$here/device.py" ask-sadp 192.168.10.6
at poller python3 "$here/device.py" ask-dhip 192.168.10.6
at poller python3 "$here/device.py" ask-ssdp 192.168.10.6
at poller ping -6 -q -c 2 2001:db8:10::1
for where in 192.168.10.{1,2,3,5,31} 192.168.20.11; do
  at poller snmpget -v 2c -c public -r 1 -t 2 "$where" .1.3.6.1.2.1.1.1.0 .1.3.6.1.2.1.1.2.0 .1.3.6.1.2.1.1.5.0
done
for where in 192.168.10.{1,2,3,50} 192.168.20.11; do
  at poller snmpget -v 3 -l authPriv -u monitor -a SHA -A only-for-captures -x AES -X only-for-captures -r 1 -t 2 \
    "$where" .1.3.6.1.2.1.1.1.0
done
for where in 192.168.10.{1,3,5} 192.168.20.10; do
  at poller ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=3 \
    nobody@"$where" true
done
for where in 192.168.10.{21,22,23,31,32} 192.168.20.{10,12}; do at poller curl -s -m 3 "http://$where/"; done
at laptop curl -s -m 3 -A Hikplayer/1.0 http://192.168.10.32/
at laptop curl -s -m 3 http://192.168.20.10/
at galaxy curl -s -m 3 -A 'Dalvik/2.1.0 (Linux; U; Android 13; HUAWEI ELE-L29) HMSCore/6.1' http://192.168.10.32/
for name in www.hik-connect.com api.hicloud.com www.easy4ipcloud.com; do at laptop getent ahostsv4 "$name"; done
for where in 192.168.10.21 192.168.10.23 192.168.20.12; do at mac curl -s -m 3 -A 'Mozilla/5.0 (Macintosh)' "http://$where/"; done
sleep 4

# --- the files -----------------------------------------------------------------------------------------------
for segment in a b; do
  ip netns pids "$(space "switch-$segment")" | xargs -r kill -INT
done
sleep 1
editcap -F pcapng "$work/a.pcap" "$here/office.pcapng"
editcap -F pcapng "$work/b.pcap" "$here/branch.pcapng"
