// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets inner(uint8_t source = 9) { return ipv4(17, udp(4000, 4001, text("words")), source); }
Octets frame(uint8_t source = 9) { return ethernet(0x0800, inner(source), source); }
Octets by_udp(size_t port, const Octets& body) {
  return ethernet(0x0800, ipv4(17, udp(40000, port, body)));
}
Octets by_gre(const Octets& body) { return ethernet(0x0800, ipv4(47, body)); }

struct Case {
  const char* name;
  Tunnel tunnel;
  uint32_t id;
  Octets octets;
  bool has_mac;
};

std::vector<Case> cases() {
  Octets ppp = hex("ff030021") + inner();
  Octets ipv6 = hex("60000000 0008 11 40 20010db8000000000000000000000009 "
                    "20010db800000000000000000000000a") +
                udp(1, 2, {});
  Octets wifi =
      hex("0801 0000 00005e005302 00005e005309 00005e005302 0000 aaaa03000000 0800") + inner();
  Octets swapped = wifi;
  std::swap(swapped[0], swapped[1]);
  swapped[22] = 0x76;  // of the sequence's number the low digit is the fragment's
  swapped[23] = 0x50;
  return {
      {"vxlan", Tunnel::vxlan, 1, by_udp(4789, hex("08000000 00000100") + frame()), true},
      {"vxlan, reserved", Tunnel::vxlan, 1, by_udp(4789, hex("08010203 00000104") + frame()), true},
      {"geneve", Tunnel::geneve, 2, by_udp(6081, hex("01006558 00000200 00000000") + frame()),
       true},
      {"gtp", Tunnel::gtp, 5, by_udp(2152, hex("30ff0000 00000005") + inner()), false},
      {"gtp, S and no E", Tunnel::gtp, 5, by_udp(2152, hex("32ff0000 00000005 00010085") + inner()),
       false},
      {"gtp, extension", Tunnel::gtp, 5,
       by_udp(2152, hex("34ff0000 00000005 00000085 01000900") + inner()), false},
      {"gre", Tunnel::gre, 0, by_gre(hex("00000800") + inner()), false},
      {"gre in udp", Tunnel::gre, 0, by_udp(4754, hex("00000800") + inner()), false},
      {"gre, all", Tunnel::gre, 3, by_gre(hex("b0000800 00000000 00000003 00000001") + inner()),
       false},
      {"gre, route", Tunnel::gre, 0,
       by_gre(hex("40000800 00000000 08000004 01020304 00000000") + inner()), false},
      {"nvgre", Tunnel::gre, 0x1234, by_gre(hex("20006558 00123456") + frame()), true},
      {"erspan i", Tunnel::erspan, 0, by_gre(hex("000088be") + frame()), true},
      {"erspan ii", Tunnel::erspan, 7, by_gre(hex("100088be 00000001 10000007 00000000") + frame()),
       true},
      {"erspan iii", Tunnel::erspan, 7,
       by_gre(hex("100022eb 00000001 20000007 00000000 0000 0001 0000000000000000") + frame()),
       true},
      {"teredo", Tunnel::teredo, 0,
       by_udp(3544, hex("0001 0201 aabbcc 0000000000000000 00 0000 1234 01020304") + ipv6), false},
      {"tzsp", Tunnel::tzsp, 0, by_udp(37008, hex("01000001 00 0a01ff 01") + frame()), true},
      {"capwap, 802.3", Tunnel::capwap, 0, by_udp(5247, hex("00100000 00000000") + frame()), true},
      {"capwap, 802.11", Tunnel::capwap, 0, by_udp(5247, hex("00100300 00000000") + wifi), true},
      {"capwap, swapped", Tunnel::capwap, 0, by_udp(5247, hex("00100300 00000000") + swapped),
       true},
      {"l2tp", Tunnel::l2tp, 0x10002, by_udp(1701, hex("0002 0001 0002") + ppp), false},
      {"l2tp, all", Tunnel::l2tp, 0x10002,
       by_udp(1701, hex("4a02 0000 0001 0002 00010001 0002 0000") + ppp), false},
      {"ip in ip", Tunnel::ip, 0, ethernet(0x0800, ipv4(4, inner())), false},
      {"6in4", Tunnel::ip, 0, ethernet(0x0800, ipv4(41, ipv6)), false},
      {"etherip", Tunnel::ip, 0, ethernet(0x0800, ipv4(97, hex("3000") + frame())), true},
      {"l2tpv3", Tunnel::l2tp, 9, ethernet(0x0800, ipv4(115, hex("00000009") + frame())), true},
      {"l2tpv3, cookie and sublayer", Tunnel::l2tp, 9,
       ethernet(0x0800, ipv4(115, hex("00000009 0102030405060708 40000001") + frame())), true},
      {"l2tpv3 over udp", Tunnel::l2tp, 9,
       by_udp(1701, hex("0003 0000 00000009 01020304") + frame()), true},
      {"vxlan-gpe, frame", Tunnel::vxlan, 1, by_udp(4790, hex("0c000003 00000100") + frame()),
       true},
      {"vxlan-gpe, ip", Tunnel::vxlan, 1, by_udp(4790, hex("0c000001 00000100") + inner()), false},
      {"vxlan-gpe, nsh", Tunnel::vxlan, 1,
       by_udp(4790, hex("0c000004 00000100 0fc20203 000001ff") + frame()), true},
      {"gtp, frame", Tunnel::gtp, 5, by_udp(2152, hex("30ff0000 00000005") + frame()), true},
      {"lwapp", Tunnel::lwapp, 0,
       by_udp(12222, hex("0800") + be16(wifi.size()) + hex("ea49") + wifi), true},
      {"mpls in ip", Tunnel::mpls, 16,
       ethernet(0x0800, ipv4(137, hex("00010140 00000000") + frame())), true},
  };
}

}  // namespace

TEST_CASE("Tunnels: the outer and the inner host are both sighted, the inner in its own context") {
  for (const Case& one : cases()) {
    INFO(one.name);
    Told told;
    told(one.octets);
    CHECK(told.has(Tunnel::none, 0, "00:00:5e:00:53:01", "192.0.2.1"));
    bool is_v6 = one.name == std::string("teredo") || one.name == std::string("6in4");
    CHECK(told.has(one.tunnel, one.id, one.has_mac ? "00:00:5e:00:53:09" : "-",
                   is_v6 ? "2001:db8::9" : "192.0.2.9"));
    CHECK(told.senders.size() == 2);
    CHECK(told.entered(one.tunnel) ==
          (one.tunnel == Tunnel::mpls ? 2 : 1));  // labels, then the frame
  }
}

TEST_CASE("Tunnels: every prefix is read without a step too far, and invents nobody") {
  for (const Case& one : cases()) {
    INFO(one.name);
    Told told;
    for (size_t size = 0; size < one.octets.size(); ++size)
      told(Octets(one.octets.begin(), one.octets.begin() + static_cast<std::ptrdiff_t>(size)));
    for (const auto& [tunnel, id, mac, ip] : told.senders) {
      CHECK((mac == "-" || mac == "00:00:5e:00:53:01" || mac == "00:00:5e:00:53:09"));
      CHECK((ip == "-" || ip == "192.0.2.1" || ip == "192.0.2.9" || ip == "2001:db8::9"));
    }
  }
}

TEST_CASE("Tunnels: one address in two networks is two hosts") {
  Told told;
  told(by_udp(4789, hex("08000000 00000100") + frame()));
  told(by_udp(4789, hex("08000000 00000200") + frame()));
  CHECK(told.has(Tunnel::vxlan, 1, "00:00:5e:00:53:09", "192.0.2.9"));
  CHECK(told.has(Tunnel::vxlan, 2, "00:00:5e:00:53:09", "192.0.2.9"));
  CHECK(told.entered(Tunnel::vxlan) == 2);
}

TEST_CASE("Tunnels: what only comes to the port of one names nobody") {
  Told told;
  told(by_udp(4789, hex("00000000 00000100") + frame()));  // no I flag
  told(by_udp(4789,
              hex("1a2b8180 00010001 00000000 03777777 076578616d706c65 03636f6d 00 0001 0001")));
  told(by_udp(2152, hex("34ff0000 00000005 00000085 00000085") + inner()));  // extension of no size
  told(by_udp(3544, hex("0002 000000000000") + inner()));
  CHECK(told.senders.size() == 1);
  CHECK(told.worker->decoded().tunnels_malformed == 4);
}

TEST_CASE("Tunnels: control and what is no frame in a pseudowire names nobody") {
  Told told;
  told(ethernet(0x0800, ipv4(115, hex("00000000 c8030014 00000000 00000000") + frame())));
  told(by_udp(1701, hex("c803 0014 00000000 00000000")));
  told(ethernet(0x0800, ipv4(115, hex("00000009") + Octets(80, 0x55))));
  told(by_udp(12222, hex("0400 0004 ea49 01020304")));  // LWAPP's own messages
  CHECK(told.senders.size() == 1);
  CHECK(told.worker->decoded().tunnels_malformed == 0);
  told(by_udp(12222, hex("0800 ffff ea49") + frame()));
  told(by_udp(4790, hex("04000003 00000100") + frame()));  // no I flag
  CHECK(told.senders.size() == 1);
  CHECK(told.worker->decoded().tunnels_malformed == 2);
}

TEST_CASE("Tunnels: enciphered CAPWAP is counted as hidden") {
  Told told;
  told(by_udp(5247, hex("01000000 16fefd0000") + frame()));
  CHECK(told.senders.size() == 1);
  CHECK(told.worker->decoded().opaque[static_cast<size_t>(Opaque::capwap)] == 1);
  CHECK(told.worker->decoded().tunnels_malformed == 0);
}

TEST_CASE("Tunnels: nesting is entered to the bound and no further") {
  Octets octets = inner();
  for (int i = 0; i < 12; ++i) octets = ipv4(4, octets);
  Told told;
  told(ethernet(0x0800, octets));
  CHECK(told.entered(Tunnel::ip) == Worker::tunnels_deep_max);
}
