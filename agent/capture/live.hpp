// SPDX-License-Identifier: Apache-2.0
// LiveTap: one interface through libpcap, promiscuous. It only ever receives: nothing in this file
// can send.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/frame.hpp"

namespace tapwarden {

struct TapSettings {
  std::string interface;
  std::string name;     ///< as in records; the interface's name when empty
  int snaplen = 65535;  ///< octets of each frame that are looked at, 64 to 262144
  std::string filter;   ///< BPF in pcap-filter(7) syntax; empty takes everything
  bool promiscuous = true;
  int64_t buffer_size = 16 << 20;  ///< octets of the kernel's ring
  /// Hands over each frame at once, but gives it a place of the greatest size in the ring: 256
  /// frames fill 16 MiB. Otherwise frames come in blocks, at most 100 ms late, and the ring holds
  /// as many as fit.
  bool immediate = false;

  bool operator==(const TapSettings&) const = default;
};

class LiveTap {
 public:
  struct Counters {
    uint64_t received = 0;  ///< by the kernel for this tap, as libpcap tells
    uint64_t dropped = 0;   ///< by the kernel or the interface because nobody took them in time
    uint64_t waiting = 0;   ///< taken by the kernel and not handed out yet
  };

  enum class Link { up, no_carrier, down, unknown };

  /// Opens the interface. Throws std::runtime_error with a line that says what to do: no such
  /// interface (and which there are), no permission, a filter that does not compile.
  explicit LiveTap(const TapSettings& settings, uint16_t tap);
  ~LiveTap();
  LiveTap(LiveTap&&) noexcept;

  /// Calls `on_frame` for every frame that is there, waiting at most about 100 ms for the first.
  /// False when the interface is gone; error() says why.
  bool dispatch(const std::function<void(const Frame&)>& on_frame);
  const std::string& error() const;
  /// Whether anything can come at all: libpcap waits without a word for an interface that went
  /// down.
  Link link() const;
  /// May be called from another thread: dispatch returns within about 100 ms.
  void break_loop();
  /// The kernel's numbers have 32 bits: ask at least once in four billion packets. From the
  /// capturing thread.
  Counters counters();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Checks a filter without opening anything; the error, or empty.
std::string filter_error(const std::string& filter, int snaplen);
/// Names of the interfaces that can be listened on.
std::vector<std::string> interfaces();
/// What libpcap calls a link type ("PPP"), or its number.
std::string link_type_name(int link_type);

}  // namespace tapwarden
