// SPDX-License-Identifier: Apache-2.0
// Wired link layers: whose MACs a frame names, which VLANs it is in and where its payload begins.
#include "support/catch.hpp"
#include "support/decode.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets arp = hex("0001080006040001");
const Octets snap_cdp = hex("aaaa03 00000c 2000 01b4");

std::vector<uint16_t> vlans(const Decoded& decoded) {
  auto span = decoded.packet.context.vlans();
  return {span.begin(), span.end()};
}

/// Where ipv4_hello or ipv6_hello should have been found.
void check_hello(const Decoded& decoded) {
  CHECK(decoded.fate() == "decoded");
  CHECK(decoded.payload() == text("hello"));
  CHECK(decoded.packet.source_port == 0x1234);
  CHECK(decoded.packet.target_port == 0x5678);
}

}  // namespace

TEST_CASE("Ethernet II: addresses, type and payload") {
  Octets frame = ethernet_addresses + hex("0806") + arp;
  Decoded decoded = decode(1, frame);
  CHECK(decoded.fate() == "decoded");
  CHECK(to_string(decoded.packet.source_mac) == "00:00:5e:00:53:01");
  CHECK(to_string(decoded.packet.target_mac) == "00:00:5e:00:53:02");
  CHECK(decoded.packet.ethertype == 0x0806);
  CHECK(decoded.payload() == arp);
  CHECK(decoded.packet.frame == 7);
  CHECK_FALSE(decoded.packet.is_ip());
  CHECK_FALSE(decoded.packet.transmitter_mac);
  every_cut(1, frame, 14);

  check_hello(decode(1, ethernet_addresses + hex("0800") + ipv4_hello));
  check_hello(decode(1, ethernet_addresses + hex("86dd") + ipv6_hello));
  every_cut(1, ethernet_addresses + hex("0800") + ipv4_hello, 14 + 28);
  every_cut(1, ethernet_addresses + hex("86dd") + ipv6_hello, 14 + 48);
}

TEST_CASE("A frame whose IP header is broken still names its MAC") {
  Decoded decoded = decode(1, ethernet_addresses + hex("0800 99"));
  CHECK(decoded.fate() == "ipv4");
  CHECK(to_string(decoded.packet.source_mac) == "00:00:5e:00:53:01");
  CHECK_FALSE(decoded.packet.is_ip());
}

TEST_CASE("An 802.3 length holds LLC, and what is behind it is padding") {
  Decoded spanning_tree = decode(1, ethernet_addresses + hex("0005 424203 0000 ffffff"));
  CHECK(spanning_tree.fate() == "decoded");
  CHECK(spanning_tree.packet.llc_sap == 0x42);
  CHECK(spanning_tree.packet.ethertype == 0);
  CHECK(spanning_tree.payload() == hex("0000"));

  Decoded numbered = decode(1, ethernet_addresses + hex("0005 0404 0102 55"));
  CHECK(numbered.payload() == hex("55"));
  Decoded ipx = decode(1, ethernet_addresses + hex("0004 ffff 0022"));
  CHECK(ipx.packet.llc_sap == 0xff);
  CHECK(ipx.payload() == hex("0022"));

  every_cut(1, ethernet_addresses + hex("0005 424203 0000"), 17);
  CHECK(decode(1, ethernet_addresses + hex("0002 4242 03")).fate() == "llc");
}

TEST_CASE("Zero is neither a length that LLC fits into nor an EtherType") {
  Decoded untyped = decode(1, ethernet_addresses + hex("0000 424203"));
  CHECK(untyped.fate() == "decoded");
  CHECK(untyped.packet.is_untyped);
  CHECK(untyped.packet.ethertype == 0);
  CHECK(untyped.packet.llc_sap == 0);
  CHECK(untyped.payload() == hex("424203"));
  Decoded tagged = decode(1, ethernet_addresses + hex("8100 000a 0000 41"));
  CHECK(tagged.packet.is_untyped);
  CHECK(tagged.payload() == hex("41"));
  CHECK(decode(1, ethernet_addresses + hex("0000")).payload().empty());
  CHECK_FALSE(decode(1, ethernet_addresses + hex("0003 424203")).packet.is_untyped);
}

TEST_CASE("Between an 802.3 length and the first EtherType there is nothing") {
  Octets body(1501, uint8_t{0x42});
  body[2] = 0x03;
  CHECK(decode(1, ethernet_addresses + hex("05dc") + body).payload().size() == 1500 - 3);
  CHECK(decode(1, ethernet_addresses + hex("05dd") + body).fate() == "llc");
  CHECK(decode(1, ethernet_addresses + hex("05ff") + body).fate() == "llc");
  CHECK(decode(1, ethernet_addresses + hex("0600") + body).packet.ethertype == 0x0600);
}

TEST_CASE("SNAP names an EtherType or an organisation's own number") {
  Octets cdp = ethernet_addresses + hex("000a") + snap_cdp;
  Decoded decoded = decode(1, cdp);
  CHECK(decoded.packet.snap_oui == 0x00000c);
  CHECK(decoded.packet.snap_number == 0x2000);
  CHECK(decoded.packet.ethertype == 0);
  CHECK(decoded.payload() == hex("01b4"));
  every_cut(1, cdp, 14 + 8);

  check_hello(decode(1, ethernet_addresses + hex("0029 aaaa03 000000 0800") + ipv4_hello));
  check_hello(decode(1, ethernet_addresses + hex("0029 aaaa03 0000f8 0800") + ipv4_hello));
  // OUI 0 with a number that is no EtherType leads nowhere.
  Decoded none = decode(1, ethernet_addresses + hex("0009 aaaa03 000000 0001 77"));
  CHECK(none.fate() == "decoded");
  CHECK(none.packet.ethertype == 0);
}

TEST_CASE("VLAN tags of three kinds stack, outermost first, and four are the most") {
  Octets tag = hex("8100 6001");
  Decoded one = decode(1, ethernet_addresses + tag + hex("0800") + ipv4_hello);
  check_hello(one);
  CHECK(vlans(one) == std::vector<uint16_t>{1});
  Decoded two = decode(1, ethernet_addresses + hex("88a8 0064 8100 0fff 86dd") + ipv6_hello);
  check_hello(two);
  CHECK(vlans(two) == std::vector<uint16_t>{100, 4095});
  Decoded four =
      decode(1, ethernet_addresses + hex("88a8 0001 9100 0002 8100 0003 8100 0004 0806") + arp);
  CHECK(four.fate() == "decoded");
  CHECK(vlans(four) == std::vector<uint16_t>{1, 2, 3, 4});
  Decoded five = decode(1, ethernet_addresses + tag + tag + tag + tag + tag + hex("0806") + arp);
  CHECK(five.fate() == "vlan_depth");
  CHECK(five.packet.context.vlan_count == 4);
  CHECK(to_string(five.packet.source_mac) == "00:00:5e:00:53:01");
  every_cut(1, ethernet_addresses + hex("88a8 0064 8100 000a 0800") + ipv4_hello, 22 + 28);
  CHECK(decode(1, ethernet_addresses + hex("8100 00")).fate() == "link_header");
}

TEST_CASE("A priority tag is no VLAN, however many there are") {
  Octets priority = hex("8100 e000");
  Decoded one = decode(1, ethernet_addresses + priority + hex("0800") + ipv4_hello);
  check_hello(one);
  CHECK(vlans(one).empty());
  Octets many = ethernet_addresses;
  for (int i = 0; i < 300; ++i) many = many + priority;
  check_hello(decode(1, many + hex("8100 000a 0800") + ipv4_hello));
}

TEST_CASE("LLC inside a tag inside SNAP as deep as a frame can hold comes to an end") {
  Octets nested = ethernet_addresses;
  for (int i = 0; i < 124; ++i) nested = nested + hex("05dc aaaa03 000000 8100 0000");
  CHECK(decode(1, nested).counters.frames == 1);
}

TEST_CASE("Linux cooked v1: a MAC only where it says that it has six octets") {
  Octets frame = hex("0000 0001 0006 00005e005301 0000 0800") + ipv4_hello;
  Decoded decoded = decode(113, frame);
  check_hello(decoded);
  CHECK(to_string(decoded.packet.source_mac) == "00:00:5e:00:53:01");
  CHECK_FALSE(decoded.packet.target_mac);
  every_cut(113, frame, 16 + 28);

  Decoded tunnel = decode(113, hex("0000 0308 0004 c0000201 00000000 0800") + ipv4_hello);
  check_hello(tunnel);
  CHECK_FALSE(tunnel.packet.source_mac);
  Decoded infiniband = decode(113, hex("0000 0020 0014 8000000000000000 86dd") + ipv6_hello);
  check_hello(infiniband);
  CHECK_FALSE(infiniband.packet.source_mac);

  Decoded llc = decode(113, hex("0000 0001 0006 00005e005301 0000 0004") + snap_cdp);
  CHECK(llc.packet.snap_oui == 0x00000c);
  Decoded tagged = decode(113, hex("0000 0001 0006 00005e005301 0000 8100 000a 0806") + arp);
  CHECK(vlans(tagged) == std::vector<uint16_t>{10});
  CHECK(tagged.payload() == arp);
  CHECK(decode(113, hex("0000 0001 0006 00005e005301 0000 0001 ffff")).payload().empty());
}

TEST_CASE("Linux cooked v2") {
  Octets frame = hex("0800 0000 00000002 0001 00 06 00005e005301 0000") + ipv4_hello;
  Decoded decoded = decode(276, frame);
  check_hello(decoded);
  CHECK(to_string(decoded.packet.source_mac) == "00:00:5e:00:53:01");
  every_cut(276, frame, 20 + 28);
  CHECK_FALSE(decode(276, hex("0800 0000 00000002 0308 00 04 c0000201 00000000") + ipv4_hello)
                  .packet.source_mac);
  CHECK(decode(276, hex("0004 0000 00000002 0001 00 06 00005e005301 0000") + snap_cdp)
            .packet.snap_number == 0x2000);
}

TEST_CASE("Loopback names its family in the byte order of whoever captured") {
  for (int link_type : {0, 108}) {
    check_hello(decode(link_type, hex("02000000") + ipv4_hello));
    check_hello(decode(link_type, hex("00000002") + ipv4_hello));
    for (const char* family : {"0a000000", "17000000", "18000000", "1c000000", "1e000000",
                               "0000000a", "00000017", "00000018", "0000001c", "0000001e"}) {
      INFO(family);
      check_hello(decode(link_type, hex(family) + ipv6_hello));
    }
    every_cut(link_type, hex("02000000") + ipv4_hello, 4 + 28);
  }
  Decoded other = decode(0, hex("07000000 0102"));
  CHECK(other.fate() == "decoded");
  CHECK_FALSE(other.packet.is_ip());
  CHECK(decode(0, hex("02000000") + ipv6_hello).fate() == "ipv4");
}

TEST_CASE("Raw IP by its version, under every number that systems gave it") {
  for (int link_type : {12, 14, 101}) {
    check_hello(decode(link_type, ipv4_hello));
    check_hello(decode(link_type, ipv6_hello));
    every_cut(link_type, ipv4_hello, 28);
    every_cut(link_type, ipv6_hello, 48);
    CHECK(decode(link_type, hex("50")).fate() == "link_header");
    CHECK(decode(link_type, {}).fate() == "link_header");
  }
  check_hello(decode(228, ipv4_hello));
  check_hello(decode(229, ipv6_hello));
  CHECK(decode(228, ipv6_hello).fate() == "ipv4");
  CHECK(decode(229, ipv4_hello).fate() == "ipv6");
}

TEST_CASE("Unread link types are counted by number until there is no more room") {
  Decoder decoder;
  Packet packet;
  Octets octets = hex("00");
  Frame frame;
  frame.bytes = octets;
  for (int i = 0; i < 40; ++i) {
    for (int times = 0; times <= i; ++times) {
      frame.link_type = 1000 + i;
      CHECK_FALSE(decoder(frame, packet));
    }
  }
  const Decoder::Counters& counters = decoder.counters();
  CHECK(counters.frames == 820);
  CHECK(counters.decoded == 0);
  CHECK(counters.undecoded[static_cast<size_t>(Undecoded::link_type)] == 820);
  uint64_t named = 0;
  for (size_t i = 0; i < counters.link_types.size(); ++i) {
    CHECK(counters.link_types[i].type == 1000 + static_cast<int>(i));
    CHECK(counters.link_types[i].frames == i + 1);
    named += counters.link_types[i].frames;
  }
  CHECK(named == 32 * 33 / 2);
}

TEST_CASE("Nothing of one frame is left in the packet of the next") {
  Decoder decoder;
  Packet packet;
  Octets full = ethernet_addresses + hex("8100 000a 0800") + ipv4_hello;
  Frame frame;
  frame.bytes = full;
  frame.wire_size = 2000;
  frame.link_type = 1;
  CHECK(decoder(frame, packet));
  CHECK(packet.cut);
  Octets none;
  frame.bytes = none;
  frame.wire_size = 0;
  CHECK_FALSE(decoder(frame, packet));
  CHECK_FALSE(packet.source_mac);
  CHECK_FALSE(packet.is_ip());
  CHECK(packet.context.vlan_count == 0);
  CHECK(packet.source_port == 0);
  CHECK(packet.payload.empty());
  CHECK_FALSE(packet.cut);
}
