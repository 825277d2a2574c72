// SPDX-License-Identifier: Apache-2.0
// What the operator can set, with the defaults: the settings of the modules, and those of the
// program itself. Their names in the file, their ranges and their help stand in options.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "capture/live.hpp"
#include "deliver/output.hpp"
#include "dissect/dispatch.hpp"
#include "inventory/inventory.hpp"
#include "pipeline/fragments.hpp"
#include "pipeline/novelty.hpp"
#include "pipeline/streams.hpp"
#include "policy/alerts.hpp"
#include "policy/storm.hpp"

namespace tapwarden::config {

struct Knowledge {
  std::vector<std::filesystem::path> directories;  ///< the operator's own, beside what ships
  std::filesystem::path recog;  ///< a directory of Recog's files; none when empty
  bool operator==(const Knowledge&) const = default;
};

struct Alerts {
  std::filesystem::path file;  ///< none when empty
  bool to_stdout = true;
  std::vector<std::filesystem::path> authorisations;  ///< files
  bool operator==(const Alerts&) const = default;
};

struct Snapshot {
  std::filesystem::path file;  ///< none when empty
  std::chrono::milliseconds interval = std::chrono::hours(1);
  bool operator==(const Snapshot&) const = default;
};

struct Queue {
  size_t size = 4096;  ///< observations that wait between a tap and control
  bool operator==(const Queue&) const = default;
};

struct State {
  std::filesystem::path directory;  ///< all is forgotten at the end when empty
  std::chrono::milliseconds keep = std::chrono::days(400);  ///< of a device that was not seen again
  bool operator==(const State&) const = default;
};

struct Control {
  std::filesystem::path socket;  ///< control.sock in the state's directory when empty
  std::string group;             ///< the agent's own when empty
  bool operator==(const Control&) const = default;
};

struct Sensor {
  std::string name;  ///< the machine's when empty
  bool operator==(const Sensor&) const = default;
};

enum class LogLevel : uint8_t { debug, info, warning, error };

struct Log {
  LogLevel level = LogLevel::info;
  std::filesystem::path file;  ///< standard error when empty
  bool operator==(const Log&) const = default;
};

struct Settings {
  std::vector<TapSettings> taps;
  std::vector<OutputSettings> outputs;
  ProtocolSet protocols = all_protocols();
  Knowledge knowledge;
  JudgeSettings judge{.policies = {"us-ndaa-889", "us-fcc-covered-list"}};
  Alerts alerts;
  AlertSettings alert_life;
  StormSettings storm;
  Snapshot snapshot;
  State state;
  Control control;
  Sensor sensor;
  Networks networks;
  InventoryLimits inventory;
  NoveltySettings novelty;
  StreamSettings streams;
  FragmentSettings fragments;
  Queue queue;
  Log log;
  bool operator==(const Settings&) const = default;
};

}  // namespace tapwarden::config
