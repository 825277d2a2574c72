// SPDX-License-Identifier: Apache-2.0
// What the operator can set, with the defaults: plain values, one struct for each module. Their
// names, ranges and help stand in options.cpp.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/protocol.hpp"

namespace tapwarden::config {

struct Tap {
  std::string interface;
  std::string name;  ///< load() gives it the interface's where none is set
  uint32_t snaplen = 65535;
  std::string filter;  ///< BPF text; none when empty
  bool promiscuous = true;
  uint64_t buffer = 16 << 20;  ///< octets
  bool operator==(const Tap&) const = default;
};

/// One switch for each row of the protocol table.
struct Protocols {
  std::array<bool, protocols_count> enabled = [] {
    std::array<bool, protocols_count> all{};
    all.fill(true);
    return all;
  }();
  bool operator[](Protocol protocol) const { return enabled[static_cast<size_t>(protocol)]; }
  bool operator==(const Protocols&) const = default;
};

struct Knowledge {
  std::vector<std::filesystem::path> directories;  ///< the operator's own, beside what ships
  bool operator==(const Knowledge&) const = default;
};

enum class Grade : uint8_t { possible, probable, confirmed };

struct Alerts {
  std::filesystem::path file;  ///< none when empty
  bool to_stdout = true;
  Grade grade = Grade::probable;  ///< from which a verdict is alerted
  bool operator==(const Alerts&) const = default;
};

struct Snapshot {
  std::filesystem::path file;  ///< none when empty
  std::chrono::milliseconds interval = std::chrono::hours(1);
  bool operator==(const Snapshot&) const = default;
};

struct Limits {
  uint32_t devices = 65536;
  uint32_t claims_per_device = 64;
  uint32_t addresses_per_device = 32;
  uint32_t novelty = 262144;
  uint32_t queue = 4096;  ///< observations in the ring of one tap
  bool operator==(const Limits&) const = default;
};

struct Novelty {
  std::chrono::milliseconds hold = std::chrono::minutes(5);
  bool operator==(const Novelty&) const = default;
};

enum class LogLevel : uint8_t { debug, info, warning, error };

struct Log {
  LogLevel level = LogLevel::info;
  std::filesystem::path file;  ///< standard error when empty
  bool operator==(const Log&) const = default;
};

struct Settings {
  std::vector<Tap> taps;
  Protocols protocols;
  Knowledge knowledge;
  std::vector<std::string> policies{"us-ndaa-889", "us-fcc-covered-list"};  ///< ids
  Alerts alerts;
  Snapshot snapshot;
  Limits limits;
  Novelty novelty;
  Log log;
  bool operator==(const Settings&) const = default;
};

}  // namespace tapwarden::config
