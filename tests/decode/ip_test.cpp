// SPDX-License-Identifier: Apache-2.0
// IPv4 and IPv6 with the transport behind them: lengths that lie, options, fragments and chains of
// extension headers.
#include "support/catch.hpp"
#include "support/decode.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr int kIpv4 = 228, kIpv6 = 229;

const Octets udp_hello = hex("12345678 000d0000 68656c6c6f");

Octets ipv4(std::string_view until_ttl, uint8_t protocol, const Octets& behind) {
  return hex(until_ttl) + Octets{64, protocol} + hex("0000 c0000201 c0000202") + behind;
}

Octets ipv6(uint8_t next, const Octets& behind) {
  auto size = behind.size();
  return hex("60000000") +
         Octets{static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size), next, 64} +
         hex("20010db8000000000000000000000001 20010db8000000000000000000000002") + behind;
}

Octets changed(Octets octets, size_t at, uint8_t value) {
  octets.at(at) = value;
  return octets;
}

}  // namespace

TEST_CASE("IPv4: addresses, hop limit and transport") {
  Decoded decoded = decode(kIpv4, ipv4_hello);
  CHECK(decoded.fate() == "decoded");
  CHECK(to_string(decoded.packet.source_ip) == "192.0.2.1");
  CHECK(to_string(decoded.packet.target_ip) == "192.0.2.2");
  CHECK(decoded.packet.hop_limit == 64);
  CHECK(decoded.packet.ip_protocol == 17);
  CHECK_FALSE(decoded.packet.fragment);
  CHECK_FALSE(decoded.packet.cut);
}

TEST_CASE("IPv4 options are stepped over, and may not run over the end") {
  Octets options = hex("01010101 01010100");
  CHECK(decode(kIpv4, ipv4("47000029 00000000", 17, options + udp_hello)).payload() ==
        text("hello"));
  Octets most(40, uint8_t{1});
  Octets frame = ipv4("4f000049 00000000", 17, most + udp_hello);
  CHECK(decode(kIpv4, frame).payload() == text("hello"));
  every_cut(kIpv4, frame, 60 + 8);
}

TEST_CASE("IPv4 headers that cannot be") {
  CHECK(decode(kIpv4, changed(ipv4_hello, 0, 0x44)).fate() == "ipv4");  // header of 16 octets
  CHECK(decode(kIpv4, changed(ipv4_hello, 0, 0x55)).fate() == "ipv4");  // version 5
  CHECK(decode(kIpv4, changed(ipv4_hello, 3, 19)).fate() == "ipv4");    // total below the header
  CHECK_FALSE(decode(kIpv4, changed(ipv4_hello, 3, 19)).packet.is_ip());
}

TEST_CASE("IPv4 total length is believed only where it shortens") {
  CHECK(decode(kIpv4, ipv4_hello + hex("00000000")).payload() == text("hello"));  // padding
  CHECK(decode(kIpv4, changed(ipv4_hello, 2, 0xff)).payload() == text("hello"));  // 65313 octets
  CHECK(decode(kIpv4, changed(ipv4_hello, 3, 0)).payload() == text("hello"));     // offloaded
  CHECK(decode(kIpv4, changed(ipv4_hello, 3, 31)).payload() == text("hel"));      // two short
  CHECK(decode(kIpv4, changed(ipv4_hello, 3, 27)).fate() == "udp");               // in the header
  CHECK(decode(kIpv4, changed(ipv4_hello, 3, 20)).fate() == "udp");               // nothing behind
}

TEST_CASE("Fragments are left raw for those who put them together") {
  Decoded first = decode(kIpv4, ipv4("45000021 00002000", 17, udp_hello));
  CHECK(first.payload() == udp_hello);
  CHECK(first.packet.fragment);
  CHECK(first.packet.more_fragments);
  CHECK(first.packet.fragment_offset == 0);
  Decoded second = decode(kIpv4, ipv4("45000021 00002001", 17, udp_hello));
  CHECK(second.fate() == "decoded");
  CHECK(second.packet.fragment);
  CHECK(second.payload() == udp_hello);
  CHECK(second.packet.source_port == 0);
  Decoded last = decode(kIpv4, ipv4("45000015 00001fff", 6, hex("00")));
  CHECK(last.fate() == "decoded");
  CHECK(last.packet.fragment);
  CHECK_FALSE(last.packet.cut);
  Decoded may_not = decode(kIpv4, ipv4("45000021 0000c000", 17, udp_hello));
  CHECK_FALSE(may_not.packet.fragment);  // the reserved and the "don't fragment" bit
  CHECK_FALSE(may_not.packet.cut);
}

TEST_CASE("UDP lengths") {
  CHECK(decode(kIpv4, changed(ipv4_hello, 25, 0)).payload() == text("hello"));
  CHECK(decode(kIpv4, changed(ipv4_hello, 25, 7)).fate() == "udp");
  CHECK(decode(kIpv4, changed(ipv4_hello, 25, 8)).payload().empty());
  CHECK(decode(kIpv4, changed(ipv4_hello, 25, 10)).payload() == text("he"));
  CHECK(decode(kIpv4, changed(ipv4_hello, 24, 0xff)).payload() == text("hello"));
}

TEST_CASE("TCP: sequence, flags, options, and an offset that cannot be") {
  Octets header = hex("0016c000 01020304 00000000 5018ffff 00000000");
  auto tcp = [](const Octets& segment) { return ipv4("45000000 00000000", 6, segment); };
  Decoded decoded = decode(kIpv4, tcp(header + text("SSH-")));
  CHECK(decoded.packet.source_port == 22);
  CHECK(decoded.packet.target_port == 0xc000);
  CHECK(decoded.packet.tcp_sequence == 0x01020304);
  CHECK(decoded.packet.tcp_flags == 0x18);
  CHECK(decoded.payload() == text("SSH-"));
  CHECK(decode(kIpv4, tcp(changed(header, 12, 0x60) + hex("01010100") + text("SSH-"))).payload() ==
        text("SSH-"));
  CHECK(decode(kIpv4, tcp(changed(header, 12, 0x40))).fate() == "tcp");
  CHECK(decode(kIpv4, tcp(changed(header, 12, 0xf0) + Octets(39, uint8_t{0}))).fate() == "tcp");
  CHECK(decode(kIpv4, tcp(changed(header, 12, 0xf0) + Octets(40, uint8_t{0}))).fate() == "decoded");
  every_cut(kIpv4, tcp(header + text("SSH-")), 40);
}

TEST_CASE("IPv6 without and with extension headers") {
  Decoded plain = decode(kIpv6, ipv6_hello);
  CHECK(to_string(plain.packet.source_ip) == "2001:db8::1");
  CHECK(plain.packet.hop_limit == 64);
  CHECK(decode(kIpv6, ipv6_hello + hex("0000")).payload() == text("hello"));
  CHECK(decode(kIpv6, changed(ipv6_hello, 0, 0x40)).fate() == "ipv6");
  CHECK(decode(kIpv6, changed(ipv6_hello, 4, 0xff)).payload() == text("hello"));

  // Hop-by-hop, routing of 16 octets, destination, mobility, AH of 24 octets.
  Octets chain = hex("2b00 000000000000") + hex("3c01 0000000000000000000000000000") +
                 hex("8700 000000000000") + hex("3300 000000000000") +
                 hex("1104 0000 00000000000000000000000000000000 00000000");
  Octets frame = ipv6(0, chain + udp_hello);
  Decoded decoded = decode(kIpv6, frame);
  CHECK(decoded.fate() == "decoded");
  CHECK(decoded.packet.ip_protocol == 17);
  CHECK(decoded.payload() == text("hello"));
  every_cut(kIpv6, frame, 40 + chain.size() + 8);
}

TEST_CASE("IPv6: sixteen extension headers are read, seventeen are too many") {
  auto chain = [](int count) {
    Octets octets;
    for (int i = 1; i < count; ++i) octets = octets + hex("3c00 000000000000");
    return octets + hex("1100 000000000000");
  };
  CHECK(decode(kIpv6, ipv6(60, chain(16) + udp_hello)).payload() == text("hello"));
  Decoded many = decode(kIpv6, ipv6(60, chain(17) + udp_hello));
  CHECK(many.fate() == "ipv6");
  CHECK(to_string(many.packet.source_ip) == "2001:db8::1");
  // A header that names its own kind for ever.
  Octets loop;
  for (int i = 0; i < 200; ++i) loop = loop + hex("0000 000000000000");
  CHECK(decode(kIpv6, ipv6(0, loop)).fate() == "ipv6");
}

TEST_CASE("IPv6: an extension header that runs over the end") {
  CHECK(decode(kIpv6, ipv6(0, hex("11ff 000000000000") + udp_hello)).fate() == "ipv6");
  CHECK(decode(kIpv6, ipv6(51, hex("11ff 000000000000") + udp_hello)).fate() == "ipv6");
  CHECK(decode(kIpv6, ipv6(0, {})).fate() == "ipv6");
  // The payload length ends inside the header although the frame goes on.
  CHECK(decode(kIpv6, changed(ipv6(0, hex("1100 000000000000") + udp_hello), 5, 4)).fate() ==
        "ipv6");
}

TEST_CASE("IPv6 fragments, no next header and jumbograms") {
  Decoded first = decode(kIpv6, ipv6(44, hex("1100 0001 00000007") + udp_hello));
  CHECK(first.payload() == udp_hello);
  CHECK(first.packet.fragment);
  CHECK(first.packet.fragment_id == 7);
  Decoded later = decode(kIpv6, ipv6(44, hex("1100 0008 00000007") + udp_hello));
  CHECK(later.fate() == "decoded");
  CHECK(later.packet.fragment);
  CHECK(later.packet.ip_protocol == 17);
  CHECK(later.payload() == udp_hello);
  Decoded atomic = decode(kIpv6, ipv6(44, hex("1100 0000 00000007") + udp_hello));
  CHECK_FALSE(atomic.packet.cut);
  CHECK(decode(kIpv6, ipv6(44, hex("1100 0008 0000"))).fate() == "ipv6");

  Decoded none = decode(kIpv6, ipv6(59, hex("0102")));
  CHECK(none.fate() == "decoded");
  CHECK(none.packet.ip_protocol == 59);

  Octets big(70000, uint8_t{0});
  Octets jumbo = ipv6(0, hex("1100 c204 00011182") + hex("12345678 00000000") + big);
  jumbo[4] = jumbo[5] = 0;
  CHECK(decode(kIpv6, jumbo).payload().size() == 70000);
}

TEST_CASE("ICMPv6 keeps its header for the dissector") {
  Decoded decoded = decode(kIpv6, ipv6(58, hex("8700 0000 00000000")));
  CHECK(decoded.packet.icmp_type == 0x87);
  CHECK(decoded.payload() == hex("8700 0000 00000000"));
  CHECK(decode(kIpv6, ipv6(58, hex("870000"))).fate() == "icmpv6");
  every_cut(kIpv6, ipv6(58, hex("8700 0000 00000000")), 44);
}
