// SPDX-License-Identifier: Apache-2.0
// CaptureFile: the frames of a pcap or pcapng file, one after the other, in any byte order and time
// resolution. libpcap refuses a pcapng with several link types, and everything in a damaged file; a
// file is wire input like any.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "capture/input.hpp"
#include "core/frame.hpp"

namespace tapwarden {

class CaptureFile {
 public:
  static constexpr uint32_t frame_size_max = 16 << 20;  ///< a record that claims more is damage
  static constexpr size_t interfaces_max = 4096;        ///< of one pcapng section

  /// Throws std::system_error when the file cannot be opened and std::runtime_error, with one clear
  /// line, when it is no capture.
  explicit CaptureFile(const std::string& path);

  /// Sets bytes, wire_size, link_type, number and time; false at the end. bytes are valid until the
  /// next call.
  bool next(Frame& frame);

  /// Why the file ended before its end, or empty: what was read until then is good.
  const std::string& warning() const { return warning_; }
  /// From 0 to 1; 0 for standard input.
  double progress() const;

 private:
  struct Interface {
    int link_type = 0;
    uint32_t snap_size = 0;  // 0: none
    uint64_t ticks_per_second = 1'000'000;
    int64_t offset_seconds = 0;
  };

  void open_pcap(uint32_t magic_as_little_endian);
  bool next_pcap(Frame& frame);
  bool next_pcapng(Frame& frame);
  bool section_header(uint32_t size);
  void interface_description(Bytes body);
  /// True when the block held a frame.
  bool packet_block(uint32_t type, Bytes body, Frame& frame);
  bool stop(std::string warning);
  uint16_t u16(Bytes bytes, size_t offset) const;
  uint32_t u32(Bytes bytes, size_t offset) const;

  Input input_;
  bool is_pcapng_ = false;
  bool big_endian_ = false;
  size_t record_header_ = 16;
  bool lengths_swapped_ = false;
  std::vector<Interface> interfaces_;
  size_t pending_ = 0;  // octets of the frame handed out last
  uint64_t number_ = 0;
  std::string warning_;
};

}  // namespace tapwarden
