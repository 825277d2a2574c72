// SPDX-License-Identifier: Apache-2.0
// QUIC (RFC 9000, 9001, 9369 and the drafts before): the ClientHello in a client's Initial packets,
// whose frames may come in any order and in several packets of a datagram. A server's Initial
// packets are sealed with a number that is not in them, and all that follows with real secrets.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>

#include "dissect/client_hello.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/quic_initial.hpp"

namespace tapwarden::protocols {

namespace {

enum Frame : uint8_t {
  kPadding = 0,
  kPing = 1,
  kAck = 2,
  kAckWithCongestion = 3,
  kCrypto = 6,
  kCryptoOfGoogle = 8
};

constexpr uint16_t kHttps = 443;
constexpr uint8_t kClientHello = 1;
constexpr unsigned kPacketsMax = 16;
constexpr unsigned kFramesMax = 64;
constexpr unsigned kRangesMax = 64;
constexpr size_t kConnectionIdMax = 20;
constexpr size_t kFirstConnectionIdMin = 8;  // RFC 9000, section 7.2
constexpr size_t kPlainMax = 4096;
constexpr size_t kStreamMax = 8192;

/// RFC 9000, section 16.
uint64_t variable(Reader& reader) {
  uint64_t value = reader.u8();
  size_t more = (size_t{1} << (value >> 6)) - 1;
  value &= 0x3f;
  for (; more > 0; --more) value = value << 8 | reader.u8();
  return value;
}

/// What CRYPTO frames hold of the handshake's start, in whatever order they came.
class CryptoStream {
 public:
  void add(uint64_t offset, Bytes octets) {
    if (offset >= kStreamMax) return;
    octets = octets.first(std::min(octets.size(), kStreamMax - offset));
    std::memcpy(octets_.data() + offset, octets.data(), octets.size());
    for (size_t i = offset; i < offset + octets.size();) {  // a whole word where it can be
      bool is_word = i % 64 == 0 && offset + octets.size() - i >= 64;
      there_[i / 64] |= is_word ? ~uint64_t{0} : uint64_t{1} << i % 64;
      i += is_word ? 64 : 1;
    }
    is_empty_ = is_empty_ && octets.empty();
  }
  bool empty() const { return is_empty_; }
  /// Up to the first gap.
  Bytes start() const {
    size_t size = 0;
    for (uint64_t word : there_) {
      auto count = static_cast<size_t>(std::countr_one(word));
      size += count;
      if (count < 64) break;
    }
    return Bytes(octets_).first(size);
  }

 private:
  std::array<uint8_t, kStreamMax> octets_;  // only what is there_ means anything
  std::array<uint64_t, kStreamMax / 64> there_{};
  bool is_empty_ = true;
};

void frames(Reader reader, CryptoStream& stream) {
  for (unsigned left = kFramesMax; left > 0 && !reader.empty();) {
    uint8_t type = reader.u8();
    if (type == kPadding) continue;
    --left;
    if (type == kPing) continue;
    if (type == kCrypto || type == kCryptoOfGoogle) {
      uint64_t offset = variable(reader);
      Bytes octets = reader.take(static_cast<size_t>(variable(reader)));
      if (reader.ok()) stream.add(offset, octets);
    } else if (type == kAck || type == kAckWithCongestion) {
      variable(reader);  // largest acknowledged
      variable(reader);  // delay
      uint64_t ranges = std::min<uint64_t>(variable(reader), kRangesMax);
      variable(reader);
      for (uint64_t i = 0; i < ranges * 2; ++i) variable(reader);
      for (int i = 0; i < 3 && type == kAckWithCongestion; ++i) variable(reader);
    } else {
      return;  // the connection is closed, or this is nothing that an Initial packet may hold
    }
  }
}

enum class PacketType : uint8_t { initial, zero_rtt, handshake, retry };

struct LongHeader {
  PacketType type;
  const QuicVersion* version;
  Bytes connection_id;
  Bytes packet;      ///< from its first octet to its tag
  size_t number_at;  ///< where the packet number is
};

/// Takes one packet with a long header (RFC 9000, section 17.2); nothing where there is none of a
/// version that is known.
std::optional<LongHeader> long_header(Reader& reader) {
  Bytes whole = reader.peek();
  bool is_long = whole.size() > 5 && (whole[0] & 0xc0) == 0xc0;
  if (!is_long) return std::nullopt;
  uint8_t first = reader.u8();
  LongHeader header{};
  header.version = quic_version(reader.u32());
  if (header.version == nullptr) return std::nullopt;
  uint8_t bits = first >> 4 & 3;
  if (header.version->is_second) bits = (bits + 3) & 3;  // RFC 9369, section 3.2
  header.type = static_cast<PacketType>(bits);
  size_t target_size = reader.u8();
  if (target_size > kConnectionIdMax) reader.fail();
  header.connection_id = reader.take(target_size);
  size_t source_size = reader.u8();
  if (source_size > kConnectionIdMax) reader.fail();
  reader.skip(source_size);
  if (header.type == PacketType::retry) return std::nullopt;  // it has no length: the last there is
  if (header.type == PacketType::initial) reader.skip(static_cast<size_t>(variable(reader)));
  auto size = static_cast<size_t>(variable(reader));
  header.number_at = whole.size() - reader.size();
  reader.skip(size);
  if (!reader.ok()) return std::nullopt;
  header.packet = whole.first(header.number_at + size);
  return header;
}

/// All Initial packets that the keys of the first open.
void gather(Reader& reader, CryptoStream& stream) {
  std::optional<InitialKeys> keys;
  std::array<uint8_t, kPlainMax> plain;
  for (unsigned left = kPacketsMax; left > 0 && !reader.empty(); --left) {
    while (!reader.empty() && reader.peek()[0] == 0) reader.skip(1);  // padding behind a packet
    std::optional<LongHeader> header = long_header(reader);
    if (!header) return;
    if (header->type != PacketType::initial) continue;
    if (!keys && header->connection_id.size() < kFirstConnectionIdMin) return;
    if (!keys) keys.emplace(*header->version, header->connection_id);
    // What is not genuine is of a connection that began before, or of a server.
    if (auto opened = open_initial(*keys, header->packet, header->number_at, plain)) {
      frames(Reader(*opened), stream);
    } else if (stream.empty()) {
      return;
    }
  }
}

}  // namespace

void quic(const Packet& packet, Reader& reader, Emit& emit) {
  bool is_from_server = packet.source_port == kHttps && packet.target_port != kHttps;
  if (is_from_server) return;
  CryptoStream stream;
  gather(reader, stream);
  if (stream.empty()) return;
  Reader message(stream.start());
  bool has_head = message.size() >= 4;
  if (has_head && message.u8() != kClientHello) return emit.malformed();
  size_t size = has_head ? message.u24() : 0;
  Reader hello(message.take_up_to(size));
  bool is_whole = has_head && hello.size() == size;
  if (!is_whole) emit.next_datagram();
  client_hello(hello, Carrier::quic, emit);
  if (is_whole && !hello.ok()) emit.malformed();
}

}  // namespace tapwarden::protocols
