// SPDX-License-Identifier: Apache-2.0
#include "decode/samples.hpp"

#include <netinet/in.h>

#include <algorithm>

namespace tapwarden {

namespace {

enum Port : uint16_t { kSflow = 6343, kOpenFlowOld = 6633, kOpenFlow = 6653 };

enum SampleFormat : uint32_t { kFlow = 1, kExpandedFlow = 3 };
constexpr uint32_t kRawHeader = 1;  // record
enum HeaderProtocol : uint32_t { kEthernet = 1, kFrameRelay = 4, kIpv4 = 11, kIpv6 = 12 };

enum OpenFlowVersion : uint8_t {
  kOpenFlow10 = 1,
  kOpenFlow11 = 2,
  kOpenFlow12 = 3,
  kOpenFlowLast = 6
};
constexpr uint8_t kPacketIn = 10;
constexpr uint8_t kTypeLast = 35;

std::optional<int> link_type(uint32_t protocol) {
  switch (protocol) {
    case kEthernet:
      return 1;
    case kFrameRelay:
      return 107;
    case kIpv4:
    case kIpv6:
      return 101;
    default:
      return {};
  }
}

/// From the first octet behind OpenFlow's common header to the frame.
void skip_to_frame(uint8_t version, Reader& body) {
  body.skip(4);                                                     // buffer
  if (version == kOpenFlow10) return body.skip(2 + 2 + 1 + 1);      // size, port, reason
  if (version == kOpenFlow11) return body.skip(4 + 4 + 2 + 1 + 1);  // ports, size, reason, table
  body.skip(2 + 1 + 1);                                             // size, reason, table
  if (version > kOpenFlow12) body.skip(8);                          // cookie
  body.skip(2);
  size_t match = body.u16();  // with its own head, without what fills it up to eight
  if (match < 4) return body.fail();
  body.skip((match + 7) / 8 * 8 - 4);
  body.skip(2);
}

}  // namespace

void Samples::close(bool is_malformed) {
  kind_ = Tunnel::none;
  is_malformed_ = is_malformed && !outer_.cut;
}

bool Samples::open(const Packet& packet) {
  bool has_payload = !packet.payload.empty() && !packet.fragment;
  bool is_sampled =
      packet.context.tunnel == Tunnel::sflow || packet.context.tunnel == Tunnel::openflow;
  if (!has_payload || is_sampled) return false;
  bool is_sflow = packet.ip_protocol == IPPROTO_UDP && packet.target_port == kSflow;
  bool is_openflow = packet.ip_protocol == IPPROTO_TCP &&
                     (packet.target_port == kOpenFlow || packet.target_port == kOpenFlowOld);
  if (!is_sflow && !is_openflow) return false;
  kind_ = is_sflow ? Tunnel::sflow : Tunnel::openflow;
  outer_ = packet;
  samples_ = records_left_ = 0;
  is_malformed_ = false;
  message_ = Reader(packet.payload);
  records_ = Reader();
  if (is_sflow && !open_sflow()) close(true);
  return true;
}

bool Samples::open_sflow() {
  uint32_t version = message_.u32();
  uint32_t address = message_.u32();
  if (version != 5 || (address != 1 && address != 2)) return false;
  message_.skip(address == 1 ? 4 : 16);
  message_.skip(4 + 4 + 4 + 4);  // sub-agent, sequence, uptime, number of samples
  return message_.ok();
}

/// On to the records of the next flow sample; counters are stepped over.
bool Samples::next_flow() {
  while (message_.ok() && !message_.empty() && samples_++ < samples_max) {
    uint32_t format = message_.u32();
    Reader sample(message_.sub(message_.u32()));
    if (format != kFlow && format != kExpandedFlow) continue;
    sample.skip(format == kFlow ? 7 * 4 : 10 * 4);
    records_left_ = static_cast<int>(std::min<uint32_t>(sample.u32(), records_max));
    records_ = sample;
    if (records_.ok()) return true;
  }
  return false;
}

std::optional<Samples::Sample> Samples::next_header() {
  do {
    for (; records_left_ > 0 && !records_.empty(); --records_left_) {
      uint32_t format = records_.u32();
      Reader record(records_.sub(records_.u32()));
      if (format != kRawHeader || !record.ok()) continue;
      std::optional<int> type = link_type(record.u32());
      uint32_t wire_size = record.u32();
      record.skip(4);  // octets taken from its end
      size_t size = record.u32();
      Bytes octets = record.take(size);
      if (!type || octets.empty()) continue;
      --records_left_;
      return Sample{octets, *type, size < wire_size};
    }
  } while (next_flow());
  close(!message_.ok());
  return std::nullopt;
}

/// Messages begin with the segment, as switches send them; one that goes on in the next is left.
std::optional<Samples::Sample> Samples::next_packet_in() {
  while (message_.size() >= 8 && samples_++ < samples_max) {
    uint8_t version = message_.u8();
    uint8_t type = message_.u8();
    size_t size = message_.u16();
    bool is_header =
        version >= kOpenFlow10 && version <= kOpenFlowLast && type <= kTypeLast && size >= 8;
    if (!is_header || message_.size() < size - 4) break;
    Reader body = message_.sub(size - 4);
    if (type != kPacketIn) continue;
    body.skip(4);  // transaction
    skip_to_frame(version, body);
    if (!body.ok()) {
      close(true);
      return std::nullopt;
    }
    if (!body.empty()) return Sample{body.take_rest(), 1, true};
  }
  close(false);
  return std::nullopt;
}

std::optional<Samples::Sample> Samples::next() {
  if (!is_open()) return std::nullopt;
  return kind_ == Tunnel::sflow ? next_header() : next_packet_in();
}

}  // namespace tapwarden
