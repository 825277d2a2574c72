// SPDX-License-Identifier: Apache-2.0
// Summary: where every packet of a run went, in numbers that add up.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "inventory/inventory.hpp"
#include "pipeline/worker.hpp"

namespace tapwarden {

struct Summary {
  uint64_t files = 0;
  uint64_t files_failed = 0;          ///< named but no capture, or not to be opened
  uint64_t received = 0;              ///< by the taps; equals packets in a scan
  uint64_t dropped = 0;               ///< by the kernel because nobody took them in time
  uint64_t observations_dropped = 0;  ///< between worker and control, because the queue was full
  uint64_t packets = 0;               ///< decoded plus all of undecoded
  uint64_t decoded = 0;
  std::map<std::string, uint64_t> undecoded;  ///< by reason; unread link types by name
  std::map<std::string, uint64_t> opaque;     ///< decoded, but the rest is encrypted: by what
  std::map<std::string, uint64_t> tunnelled;  ///< inner packets, by tunnel: beside the packets
  std::map<std::string, uint64_t> malformed;  ///< by protocol
  std::map<std::string, uint64_t> cut;  ///< by protocol: ended early by the capture's snap length
  uint64_t devices = 0;
  uint64_t flagged = 0;
  uint64_t alerts = 0;
  std::map<std::string, uint64_t>
      bounds;  ///< what tables and queues turned away, by name; only what is not 0

  /// Adds the numbers of another part of the run.
  void add(const Summary& part);
  void add(const Worker& worker);
  void add(const Inventory& inventory);
};

}  // namespace tapwarden
