// SPDX-License-Identifier: Apache-2.0
#include "capture/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace tapwarden {

namespace {

// Block types of pcapng (draft-ietf-opsawg-pcapng, section 4 and obsolete appendix)
constexpr uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr uint32_t kInterfaceDescription = 1;
constexpr uint32_t kObsoletePacket = 2;
constexpr uint32_t kSimplePacket = 3;
constexpr uint32_t kEnhancedPacket = 6;

Timestamp time_of(uint64_t ticks, uint64_t per_second, int64_t offset_seconds) {
  uint64_t seconds = ticks / per_second;
  auto rest = static_cast<double>(ticks % per_second) / static_cast<double>(per_second) * 1e9;
  // A damaged file may name any time; nanoseconds in 64 bits reach to 2262.
  int64_t bounded =
      std::clamp<int64_t>(static_cast<int64_t>(seconds & 0x7fffffffffffffff), 0, 9'000'000'000) +
      std::clamp<int64_t>(offset_seconds, -9'000'000'000, 9'000'000'000);
  bounded = std::clamp<int64_t>(bounded, 0, 9'000'000'000);
  return Timestamp(std::chrono::seconds(bounded) +
                   std::chrono::nanoseconds(static_cast<int64_t>(rest + 0.5)));
}

}  // namespace

uint16_t CaptureFile::u16(Bytes bytes, size_t offset) const {
  Reader reader(bytes.subspan(offset));
  return big_endian_ ? reader.u16() : reader.u16le();
}

uint32_t CaptureFile::u32(Bytes bytes, size_t offset) const {
  Reader reader(bytes.subspan(offset));
  return big_endian_ ? reader.u32() : reader.u32le();
}

CaptureFile::CaptureFile(const std::string& path) : input_(Input::open(path)) {
  Bytes head = input_.peek(4);
  if (head.empty()) {
    throw std::runtime_error(input_.error().empty() ? "the file is empty" : input_.error());
  }
  uint32_t magic = head.size() == 4 ? Reader(head).u32le() : 0;
  if (magic == kSectionHeader) {
    is_pcapng_ = true;
  } else {
    open_pcap(magic);
  }
}

void CaptureFile::open_pcap(uint32_t magic) {
  uint64_t ticks = 1'000'000;
  for (bool swapped : {false, true}) {
    uint32_t own = swapped ? __builtin_bswap32(magic) : magic;
    if (own != 0xa1b2c3d4 && own != 0xa1b23c4d && own != 0xa1b2cd34) continue;
    big_endian_ = swapped;
    if (own == 0xa1b23c4d) ticks = 1'000'000'000;
    if (own == 0xa1b2cd34)
      record_header_ = 24;  // Kuznetzov's variant: eight octets more in each record
    Bytes head = input_.peek(24);
    if (head.size() < 24) throw std::runtime_error("the file ends inside its pcap header");
    // Version 2.3 and older wrote the two lengths in either order.
    lengths_swapped_ = u16(head, 4) == 2 && u16(head, 6) <= 3;
    interfaces_.push_back({static_cast<int>(u32(head, 20) & 0xffff), 0, ticks, 0});
    input_.consume(24);
    return;
  }
  throw std::runtime_error("not a capture: neither pcap nor pcapng");
}

bool CaptureFile::next(Frame& frame) {
  input_.consume(pending_);
  pending_ = 0;
  if (!warning_.empty()) return false;
  return is_pcapng_ ? next_pcapng(frame) : next_pcap(frame);
}

bool CaptureFile::stop(std::string warning) {
  if (!input_.error().empty()) warning = input_.error();
  warning_ = fmt::format("{} (after frame {})", warning, number_);
  return false;
}

bool CaptureFile::next_pcap(Frame& frame) {
  Bytes head = input_.peek(record_header_);
  if (head.empty() && input_.error().empty()) return false;
  if (head.size() < record_header_) return stop("the file ends inside a record header");
  uint32_t seconds = u32(head, 0);
  uint32_t fraction = u32(head, 4);
  uint32_t size = u32(head, 8);
  uint32_t wire_size = u32(head, 12);
  if (lengths_swapped_ && size > wire_size) std::swap(size, wire_size);
  if (size > frame_size_max) return stop(fmt::format("a record claims {} octets", size));
  Bytes record = input_.peek(record_header_ + size);
  bool whole = record.size() == record_header_ + size;
  pending_ = record.size();
  const Interface& interface = interfaces_[0];
  frame.bytes = record.subspan(record_header_);
  frame.wire_size = std::max<uint32_t>(wire_size, size);
  frame.link_type = interface.link_type;
  frame.number = ++number_;
  frame.time = time_of(fraction, interface.ticks_per_second, seconds);
  if (!whole) stop("the file ends inside a record");
  return true;
}

bool CaptureFile::next_pcapng(Frame& frame) {
  while (true) {
    Bytes head = input_.peek(12);
    if (head.empty() && input_.error().empty()) return false;
    if (head.size() < 12) return stop("the file ends inside a block header");
    if (Reader(head).u32le() == kSectionHeader) {
      uint32_t order = Reader(head.subspan(8)).u32();
      if (order != 0x1a2b3c4d && order != 0x4d3c2b1a)
        return stop("a section header has no byte order");
      big_endian_ = order == 0x1a2b3c4d;
      interfaces_.clear();
    }
    uint32_t type = u32(head, 0);
    uint32_t size = u32(head, 4);
    if (size < 12 || size % 4 != 0 || size > frame_size_max + 4096) {
      return stop(fmt::format("a block claims {} octets", size));
    }
    Bytes block = input_.peek(size);
    if (block.size() < size) return stop("the file ends inside a block");
    Bytes body = block.subspan(8, size - 12);
    if (type == kInterfaceDescription) interface_description(body);
    bool has_frame = type == kEnhancedPacket || type == kSimplePacket || type == kObsoletePacket;
    if (has_frame && packet_block(type, body, frame)) {
      pending_ = size;
      return true;
    }
    if (!warning_.empty()) return false;
    input_.consume(size);
  }
}

void CaptureFile::interface_description(Bytes body) {
  if (body.size() < 8 || interfaces_.size() == interfaces_max) {
    stop(body.size() < 8 ? "an interface description is too short"
                         : "a section has too many interfaces");
    return;
  }
  Interface interface;
  interface.link_type = u16(body, 0);
  interface.snap_size = u32(body, 4);
  for (Bytes options = body.subspan(8); options.size() >= 4;) {
    uint16_t code = u16(options, 0);
    size_t size = u16(options, 2);
    options = options.subspan(4);
    if (code == 0 || size > options.size()) break;
    if (code == 9 && size >= 1) {  // if_tsresol: a power of ten, or of two with the top bit set
      unsigned power = options[0] & 0x7f;
      bool is_binary = (options[0] & 0x80) != 0;
      interface.ticks_per_second = 1;
      for (unsigned i = 0; i < std::min(power, is_binary ? 62u : 18u); ++i) {
        interface.ticks_per_second *= is_binary ? 2 : 10;
      }
    }
    if (code == 14 && size >= 8) {  // if_tsoffset, in seconds
      uint64_t first = u32(options, 0);
      uint64_t second = u32(options, 4);
      interface.offset_seconds =
          static_cast<int64_t>(big_endian_ ? first << 32 | second : second << 32 | first);
    }
    options = options.subspan(std::min(options.size(), (size + 3) & ~size_t{3}));
  }
  interfaces_.push_back(interface);
}

bool CaptureFile::packet_block(uint32_t type, Bytes body, Frame& frame) {
  size_t header = type == kSimplePacket ? 4 : 20;
  if (body.size() < header) return stop("a packet block is too short");
  size_t index = type == kSimplePacket ? 0 : type == kEnhancedPacket ? u32(body, 0) : u16(body, 0);
  if (index >= interfaces_.size())
    return stop(fmt::format("a packet names interface {}, which is not there", index));
  size_t captured = type == kSimplePacket ? body.size() - header : u32(body, 12);
  uint32_t wire_size = u32(body, type == kSimplePacket ? 0 : 16);
  const Interface& interface = interfaces_[index];
  if (type == kSimplePacket) {  // it does not say what was captured: what is over is padding
    captured = std::min<size_t>(captured, wire_size);
    if (interface.snap_size != 0) captured = std::min<size_t>(captured, interface.snap_size);
  }
  if (captured > body.size() - header) return stop("a packet claims more than its block holds");
  uint64_t ticks = type == kSimplePacket ? 0 : uint64_t{u32(body, 4)} << 32 | u32(body, 8);
  frame.bytes = body.subspan(header, captured);
  frame.wire_size = std::max(wire_size, static_cast<uint32_t>(captured));
  frame.link_type = interface.link_type;
  frame.number = ++number_;
  frame.time = time_of(ticks, interface.ticks_per_second, interface.offset_seconds);
  return true;
}

double CaptureFile::progress() const {
  return input_.size() == 0
             ? 0
             : static_cast<double>(input_.position()) / static_cast<double>(input_.size());
}

}  // namespace tapwarden
