// SPDX-License-Identifier: Apache-2.0
#include "decode/decode.hpp"
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

struct Decoded {
  std::optional<Undecoded> failure;
  Packet packet;
};

/// An IPv4 packet that holds SCTP from port 38412 to 50000 with these chunks.
Decoded sctp(const Octets& chunks, size_t octets_max = 65535) {
  static Octets datagram;
  datagram =
      hex("45000000 00000000 40840000 c0000201 c0000202 960c c350 00000001 00000000") + chunks;
  datagram[2] = static_cast<uint8_t>(datagram.size() >> 8);
  datagram[3] = static_cast<uint8_t>(datagram.size());
  Decoded decoded;
  Reader reader(Bytes(datagram).first(std::min(octets_max, datagram.size())));
  decoded.failure = decode_ip(4, reader, decoded.packet);
  return decoded;
}

std::string payload(const Octets& chunks) {
  Decoded decoded = sctp(chunks);
  CHECK_FALSE(decoded.failure);
  return std::string(as_text(decoded.packet.payload));
}

const Octets sack = hex("03 00 0010 00000001 00010000 00000000");
const Octets data = hex("00 03 0013 00000001 0000 0000 0000003c 616263 00");

}  // namespace

TEST_CASE("SCTP: the first whole DATA chunk is the payload") {
  Decoded decoded = sctp(data);
  CHECK_FALSE(decoded.failure);
  CHECK(decoded.packet.source_port == 38412);
  CHECK(decoded.packet.target_port == 50000);
  CHECK(decoded.packet.sctp_payload == 60);
  CHECK(as_text(decoded.packet.payload) == "abc");

  CHECK(payload(sack + data) == "abc");
  CHECK(payload(data + hex("00 03 0011 00000002 0000 0000 0000003c 64 000000")) == "abc");
  CHECK(payload(hex("00 02 0011 00000001 0000 0000 0000003c 64 000000") + data) == "abc");
  CHECK(payload(hex("00 07 0011 00000001 0000 0000 0000003c 64")) == "d");  // unordered, at once
}

TEST_CASE("SCTP without a whole DATA chunk has no payload") {
  CHECK(payload({}).empty());
  CHECK(payload(sack).empty());
  for (uint8_t flags : {uint8_t{0}, uint8_t{1}, uint8_t{2}}) {
    Octets part = data;
    part[1] = flags;
    CHECK(payload(part).empty());
  }
}

TEST_CASE("SCTP lengths that cannot be") {
  CHECK(payload(hex("00 03 0000") + data).empty());
  CHECK(payload(hex("00 03 000f 00000001 0000 0000 000000")).empty());
  CHECK(payload(hex("03 00 ffff") + data).empty());
  CHECK(payload(hex("00 03 ffff 00000001 0000 0000 0000003c 616263")) == "abc");  // as far as it is
  Octets many;
  for (int i = 0; i < 40; ++i) many = many + sack;
  CHECK(payload(many + data).empty());
  for (size_t size = 20; size < 32; ++size) CHECK(sctp(data, size).failure == Undecoded::sctp);
  for (size_t size = 32; size < 52; ++size) CHECK_FALSE(sctp(data, size).failure);
}
