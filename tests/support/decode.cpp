// SPDX-License-Identifier: Apache-2.0
#include "support/decode.hpp"

#include <numeric>

#include "support/catch.hpp"

namespace tapwarden::test {

std::string Decoded::fate() const {
  std::string fate = counters.decoded == 1 ? "decoded" : "";
  for (size_t i = 0; i < undecoded_count; ++i) {
    if (counters.undecoded[i] == 0) continue;
    fate += (fate.empty() ? "" : " and ") + std::string(to_string(Undecoded(i)));
  }
  return fate;
}

Decoded decode(int link_type, const Octets& frame, uint32_t wire_size) {
  Decoded decoded;
  decoded.bytes = frame;
  decoded.bytes.shrink_to_fit();
  Frame captured;
  captured.bytes = decoded.bytes;
  captured.link_type = link_type;
  captured.wire_size = wire_size == 0 ? static_cast<uint32_t>(frame.size()) : wire_size;
  captured.number = 7;
  Decoder decoder;
  decoded.whole = decoder(captured, decoded.packet);
  decoded.counters = decoder.counters();
  uint64_t undecoded = std::accumulate(decoded.counters.undecoded.begin(),
                                       decoded.counters.undecoded.end(), uint64_t{0});
  CHECK(decoded.counters.frames == 1);
  CHECK(decoded.counters.decoded + undecoded == 1);
  CHECK(decoded.whole == (undecoded == 0));
  if (!decoded.whole) CHECK(decoded.packet.payload.empty());
  return decoded;
}

void every_cut(int link_type, const Octets& frame, size_t headers) {
  for (size_t size = 0; size <= frame.size(); ++size) {
    Octets cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
    INFO("the first " << size << " octets");
    Decoded decoded = decode(link_type, cut, static_cast<uint32_t>(frame.size()));
    CHECK(decoded.whole == (size >= headers));
    CHECK(decoded.packet.cut == (size < frame.size()));
  }
}

}  // namespace tapwarden::test
