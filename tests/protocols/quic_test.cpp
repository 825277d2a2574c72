// SPDX-License-Identifier: Apache-2.0
#include "support/quic.hpp"
#include <tuple>

#include "dissect/quic_initial.hpp"
#include "support/catch.hpp"
#include "support/shared.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

/// Computed apart from the code here, by its definition: two suites, eleven extensions, "alpn".
constexpr std::string_view example_ja4 = "q13d0211an_62ed6f6ca7ad_4d634acda6c0";

Dissected from_client(const Octets& datagram) {
  return dissect(Protocol::quic, ip_packet(50000, 443), datagram);
}
void check_silent(const Dissected& result) {
  CHECK(result.said.empty());
  CHECK_FALSE(result.malformed);
  CHECK_FALSE(result.wants_datagram);
}
void check_example(const Dissected& result) {
  CHECK(result.said.size() == 3);
  CHECK(result.one(Field::server_name) == "example.com");
  CHECK(result.one(Field::alpn) == "alpn");
  CHECK(result.one(Field::ja4) == example_ja4);
  CHECK_FALSE(result.malformed);
  CHECK_FALSE(result.wants_datagram);
}
Octets digits(const auto& octets) { return Octets(octets.begin(), octets.end()); }

}  // namespace

TEST_CASE("QUIC: the example of RFC 9001, appendix A, and that of RFC 9369") {
  Octets id = hex("8394c8f03e515708");
  InitialKeys first(*quic_version(1), Bytes(id));
  CHECK(digits(first.key) == hex("1f369613dd76d5467730efcbe3b1a22d"));
  CHECK(digits(first.iv) == hex("fa044b2f42a3fd3b46fb255c"));
  CHECK(digits(first.header_key) == hex("9f50449e04a0e810283a1e9933adedd2"));
  InitialKeys second(*quic_version(0x6b3343cf), Bytes(id));
  CHECK(digits(second.key) == hex("8b1a0bc121284290a29e0971b5cd045d"));
  CHECK(digits(second.iv) == hex("91f73e2351d8fa91660e909f"));
  CHECK(digits(second.header_key) == hex("45b95e15235d6f45a6b19cbcb0294ba9"));
  check_example(from_client(quic_example()));
  CHECK(to_string(from_client(quic_example()).said[0].ip) == "192.0.2.1");
}

TEST_CASE("QUIC: a client of version 2, of drafts, and of what was made from them") {
  Octets hello = crypto_frame(0, quic_example_hello());
  check_example(from_client(sealed({.frames = hello, .version = 0x6b3343cf, .first = 0xd3})));
  for (uint32_t version :
       {0xff000015u, 0xff000017u, 0xff00001du, 0xff000022u, 0xfaceb002u, 0x54303531u}) {
    INFO(version);
    check_example(from_client(sealed({.frames = hello, .version = version})));
  }
  // What is an Initial packet in version 1 is a Retry in version 2, and the other way round.
  check_silent(from_client(sealed({.frames = hello, .version = 0x6b3343cf, .first = 0xc3})));
  check_silent(from_client(sealed({.frames = hello, .first = 0xd3})));
  for (uint32_t version : {0u, 2u, 0xff000014u, 0xff000023u, 0x0a0a0a0au, 0x51303530u}) {
    INFO(version);
    CHECK(quic_version(version) == nullptr);
  }
}

TEST_CASE("QUIC: frames in any order, among others, in one packet or several") {
  Octets hello = quic_example_hello();
  size_t end = hello.size();
  Octets shuffled = hex("01 0000") + crypto_part(hello, 100, 180) + hex("01") +
                    crypto_part(hello, 0, 3) + crypto_part(hello, 180, end) +
                    hex("00 02 00 00 00 00") + crypto_part(hello, 3, 110);
  check_example(from_client(sealed({.frames = shuffled})));
  Octets coalesced = sealed({.frames = crypto_part(hello, 64, end)}) +
                     sealed({.frames = crypto_part(hello, 0, 128), .number = 3});
  check_example(from_client(coalesced));
  check_example(from_client(sealed({.frames = shuffled, .token = Octets(100, 7)})));
  // 0-RTT between them is passed over, and so is padding behind a packet.
  Octets early = hex("d0 00000001 08 8394c8f03e515708 00 4020") + Octets(32, 9);
  check_example(from_client(sealed({.frames = crypto_part(hello, 0, 99)}) + Octets(20) + early +
                            sealed({.frames = crypto_part(hello, 99, end), .number = 3})));
}

TEST_CASE("QUIC: a hello that goes on in the next datagram is asked for") {
  Octets hello = quic_example_hello();
  Octets front = sealed({.frames = crypto_part(hello, 0, 100)});
  Octets back = sealed({.frames = crypto_part(hello, 100, hello.size()), .number = 3});
  Dissected first = from_client(front);
  CHECK(first.wants_datagram);
  CHECK_FALSE(first.malformed);
  CHECK(first.one(Field::server_name) == "example.com");  // it is whole, and near the front
  CHECK(first.one(Field::ja4).empty());
  Dissected second = from_client(back);
  CHECK(second.wants_datagram);
  CHECK(second.said.empty());
  check_example(from_client(front + back));
  check_example(from_client(back + front));
}

TEST_CASE("QUIC: what cannot be opened says nothing") {
  for (size_t at : {size_t{5}, size_t{6}, size_t{18}, size_t{30}, size_t{600}, size_t{1199}}) {
    Octets changed = quic_example();
    changed[at] ^= 1;
    INFO(at);
    CHECK(from_client(changed).said.empty());
  }
  check_silent(dissect(Protocol::quic, ip_packet(443, 50000), quic_example()));
  // A first packet names its server with eight octets or more.
  check_silent(from_client(sealed(
      {.frames = crypto_frame(0, quic_example_hello()), .connection_id = hex("01020304050607")})));
  check_silent(from_client(hex("c0 00000000 00 00 00000001")));  // version negotiation
  check_silent(from_client(hex("f0 00000001 08 8394c8f03e515708 00") + Octets(40)));  // a Retry
  check_silent(from_client(sealed({.frames = hex("02 00 00 00 00")})));
  check_silent(from_client(hex("40") + Octets(100, 3)));
  check_silent(from_client({}));
}

TEST_CASE("QUIC refuses what is not what it claims") {
  CHECK(from_client(hex("c0 00000001 15") + Octets(100)).malformed);
  CHECK(from_client(hex("c0 00000001 08 8394c8f03e515708 15") + Octets(100)).malformed);
  CHECK(from_client(hex("c0 00000001 08 8394c8f03e515708 00 7fff")).malformed);
  CHECK(from_client(hex("c0 00000001 08 8394c8f03e515708 00 00 ffffffffffffffff 00")).malformed);
  // Sealed well, and no hello inside.
  CHECK(from_client(sealed({.frames = crypto_frame(0, hex("0200000100"))})).malformed);
  CHECK(from_client(sealed({.frames = crypto_frame(0, hex("010000020303"))})).malformed);
  check_silent(from_client(sealed({.frames = hex("06 00 ff ff ff ff ff ff ff ff 01")})));
  check_silent(from_client(sealed({.frames = hex("06 ffffffffffffffff 01 01")})));
  check_silent(from_client(sealed({.frames = hex("02 00 00 ffffffffffffffff 00") + Octets(60)})));
  check_silent(
      from_client(sealed({.frames = hex("1c 00") + crypto_frame(0, quic_example_hello())})));
}

TEST_CASE("QUIC: patience with packets and frames ends") {
  Octets hello = quic_example_hello();
  Octets pings;
  for (int i = 0; i < 100; ++i) pings = pings + hex("01");
  check_silent(from_client(sealed({.frames = pings + crypto_frame(0, hello)})));
  Octets packets = sealed({.frames = crypto_part(hello, 4, 5)});
  for (uint32_t i = 0; i < 17; ++i)
    packets = packets + sealed({.frames = hex("01"), .number = i + 3});
  Dissected result =
      from_client(packets + sealed({.frames = crypto_frame(0, hello), .number = 30}));
  CHECK(result.said.empty());
}

TEST_CASE("QUIC cut anywhere") {
  every_prefix(Protocol::quic, ip_packet(50000, 443), quic_example());
  Octets hello = quic_example_hello();
  every_prefix(Protocol::quic, ip_packet(50000, 443),
               sealed({.frames = crypto_part(hello, 100, hello.size())}) +
                   sealed({.frames = crypto_part(hello, 0, 100), .number = 3}));
}

TEST_CASE("QUIC in captures by other people: versions 1 and 2, drafts, hellos over two datagrams") {
  const std::tuple<const char*, const char*, const char*> seen[] = {
      // What tshark 4.0 reads there; each fingerprint computed from tshark's fields by its
      // definition.
      {"zeek__zeek/testing/btest/Traces/quic/quicv2-echo-dpd-custom-port-4433.pcap", "localhost",
       "q13d0311qe_55b375c5d22e_df5b9e597968"},
      {"zeek__zeek/testing/btest/Traces/quic/quic-multiple-initial-fragmented-crypto.pcap",
       "googleads.g.doubleclick.net", "q13d0313h3_55b375c5d22e_226f3f127bbe"},
      {"OISF__suricata-verify/tests/ja4-rules-disabled/input.pcap", "cloudflare-quic.com",
       "q13d0310h3_55b375c5d22e_cd85d2d88918"},
      {"ntop__nDPI/tests/cfgs/default/pcap/quic-29.pcap", "localhost",
       "q13d0512h9_d55e91d5c3b2_cd318bf3b157"},
      {"ntop__nDPI/tests/cfgs/default/pcap/quic-23.pcap", "quic.aiortc.org",
       "q13d0308h2_55b375c5d22e_23ed935430f2"},
      {"ntop__nDPI/tests/cfgs/default/pcap/quic_t51.pcap", "www.google.com",
       "q13d0308h1_55b375c5d22e_e7bc1e4f333e"}};
  for (auto [file, name, ja4] : seen) {
    auto facts = shared_facts(file);
    if (!facts) continue;
    INFO(file);
    CHECK(facts->contains(std::string("quic server_name ") + name));
    CHECK(facts->contains(std::string("quic ja4 ") + ja4));
  }
}
