// SPDX-License-Identifier: Apache-2.0
// Frames built after libpcap's and tcpdump's readers of PKTAP and Juniper's link types; the
// extended header is that of tcpdump's bgp-aigp.pcap.
#include "support/catch.hpp"
#include "support/decode.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets frame = ethernet_addresses + hex("0800") + ipv4_hello;
/// 108 octets, a packet follows, of this link type.
Octets pktap(std::string_view link_type, std::string_view next = "01000000") {
  return hex("6c000000") + hex(next) + hex(link_type) + Octets(96);
}
const Octets extended = hex("4d474380 0010 03010106010e01028c0004044c010000");

void is_hello(const Decoded& decoded, bool has_mac) {
  CHECK(decoded.fate() == "decoded");
  CHECK(decoded.payload() == text("hello"));
  CHECK(static_cast<bool>(decoded.packet.source_mac) == has_mac);
}

}  // namespace

TEST_CASE("PKTAP: the packet behind its header, by the link type in it") {
  is_hello(decode(258, pktap("01000000") + frame), true);
  is_hello(decode(149, pktap("01000000") + frame), true);
  is_hello(decode(258, pktap("0c000000") + ipv4_hello), false);
  is_hello(decode(258, pktap("00000000") + hex("02000000") + ipv4_hello), false);
  every_cut(258, pktap("01000000") + frame, 108 + 14 + 20 + 8);
}

TEST_CASE("PKTAP: itself inside, unknown types, lengths that lie, USER2 of somebody else") {
  CHECK(decode(258, pktap("02010000") + pktap("01000000") + frame).fate() == "link_type");
  CHECK(decode(258, pktap("95000000") + frame).fate() == "link_type");
  CHECK(decode(258, pktap("ffffffff") + frame).fate() == "link_type");
  CHECK(decode(258, hex("04000000 01000000 01000000") + frame).fate() == "link_header");
  CHECK(decode(258, hex("ff010000 01000000 01000000") + frame).fate() == "link_header");
  CHECK(decode(149, frame).fate() == "link_type");
  CHECK(decode(258, pktap("01000000", "00000000")).packet.payload.empty());
}

TEST_CASE("Juniper: a frame behind the mark, its extensions, or IP alone") {
  is_hello(decode(178, hex("4d474301") + frame), true);
  is_hello(decode(178, extended + frame), true);
  is_hello(decode(179, hex("4d474300 ff030021") + ipv4_hello), false);
  is_hello(decode(180, hex("4d474300 1841 03 cc") + ipv4_hello), false);
  is_hello(decode(181, hex("4d474300 0f000800") + ipv4_hello), false);
  is_hello(decode(178, hex("4d474302 00000000") + ipv4_hello), false);
  every_cut(178, extended + frame, 22 + 14 + 20 + 8);
}

TEST_CASE("Juniper: no mark, or an extension longer than the frame") {
  CHECK(decode(178, frame).fate() == "link_header");
  CHECK(decode(178, hex("4d474380 ffff") + frame).fate() == "link_header");
}

TEST_CASE("Frame Relay: Ethernet bridged with and without check sequence, and with no header") {
  Octets plain = frame;
  is_hello(decode(107, hex("1841 03 00 80 0080c2 0007") + plain), true);
  is_hello(decode(107, hex("1841 03 00 80 0080c2 0001") + plain + hex("deadbeef")), true);
  is_hello(decode(107, hex("1841") + plain), true);
  CHECK(decode(107, hex("1841 03 00 80 0080c2 0003") + plain).packet.snap_oui == 0x0080c2);
  CHECK_FALSE(decode(107, hex("1841 00") + Octets(40, 0x5a)).packet.source_mac);
}
