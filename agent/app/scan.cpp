// SPDX-License-Identifier: Apache-2.0
// tapwarden scan: captures in, devices out. The same pipeline as the daemon's, in one thread, with
// time taken from the packets.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <set>

#include "app/commands.hpp"
#include "app/control.hpp"
#include "app/setup.hpp"
#include "capture/file.hpp"
#include "core/text.hpp"
#include "pipeline/worker.hpp"
#include "report/explain.hpp"
#include "report/order.hpp"
#include "report/records.hpp"
#include "report/table.hpp"

namespace tapwarden {

namespace {

/// A bar on standard error while a long scan runs; nothing where nobody looks, and nothing for a
/// short one.
class Progress {
 public:
  void show(const CaptureFile& file, std::string_view name, size_t index, size_t count) {
    if (!is_terminal_ || ++calls_ % 65536 != 0) return;
    auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::milliseconds(500)) return;
    shown_ = now;
    auto filled = static_cast<size_t>(file.progress() * 30);
    std::cerr << fmt::format("\r\x1b[K[{:<30}] {}/{} {}", std::string(filled, '#'), index + 1,
                             count, name)
              << std::flush;
    drawn_ = true;
  }
  void clear() {
    if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
    drawn_ = false;
  }

 private:
  bool is_terminal_ = isatty(STDERR_FILENO) != 0;
  uint64_t calls_ = 0;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point shown_ = std::chrono::steady_clock::now();
};

/// A file's name for people: what it holds is not of our making.
std::string shown(const std::string& name) {
  BoundedText<255> text;
  text.assign_clean(name);
  return std::string(text.view());
}

class Scan {
 public:
  Scan(const Setup& setup, const ScanOptions& options)
      : options_(options),
        names_(names_of(options)),
        control_(setup.rules, setup.settings, {names_.taps},
                 [](const Alert&, const AlertEvent&, const Device*) {}),
        worker_(
            setup.settings.protocols, setup.settings.novelty,
            [](void* self, const Observation& o) { static_cast<Control*>(self)->observe(o); },
            &control_, setup.settings.streams, setup.settings.fragments) {}

  int operator()() {
    for (size_t i = 0; i < options_.files.size(); ++i) read(i);
    progress_.clear();
    worker_.finish();
    summary_.add(worker_);
    summary_.received = summary_.packets;
    summary_.add(control_.inventory());
    summary_.alerts = count_alerts();
    bool is_found = true;
    if (options_.explain || !options_.device.empty()) {
      is_found = print_explanations() || options_.device.empty();
    } else {
      print();
    }
    if (!is_found)
      std::cerr << fmt::format("tapwarden: no device {} is in there\n", shown(options_.device));
    if (summary_.files_failed != 0 || !is_found) return kFailed;
    return options_.fail_on_flagged.value_or(false) && summary_.flagged != 0 ? kFlagged : kDone;
  }

 private:
  static Names names_of(const ScanOptions& options) {
    Names names;
    for (const std::string& file : options.files) names.sources.push_back(shown(file));
    names.taps = options.separate ? names.sources : std::vector<std::string>{"file"};
    return names;
  }

  void read(size_t index) {
    const std::string& name = names_.sources[index];
    try {
      CaptureFile file(options_.files[index]);
      Frame frame;
      frame.tap = options_.separate ? static_cast<uint16_t>(index) : uint16_t{0};
      frame.source = static_cast<uint32_t>(index);
      while (file.next(frame)) {
        last_ = std::max(last_, frame.time);
        worker_(frame);
        progress_.show(file, name, index, options_.files.size());
      }
      ++summary_.files;
      if (!file.warning().empty()) complain(name, "warning: " + file.warning());
    } catch (const std::system_error& error) {
      fail(name, error.code().message());
    } catch (const std::runtime_error& error) {
      fail(name, error.what());
    }
  }

  void fail(std::string_view name, std::string_view what) {
    ++summary_.files_failed;
    complain(name, what);
  }
  void complain(std::string_view name, std::string_view what) {
    progress_.clear();
    std::cerr << fmt::format("tapwarden: {}: {}\n", name, what);
  }

  /// What is met by what is known at the end, one for each device and entry: the same MAC in two
  /// VLANs is one.
  uint64_t count_alerts() const {
    std::set<std::string> ids;
    control_.inventory().each([&](const Device& device) {
      for (const Hit& hit : control_.alerts().hits(device))
        ids.insert(alert_of(device, hit, {names_.taps}).id);
    });
    return ids.size();
  }

  static bool wants_colour() {
    return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  }

  void print() const {
    switch (options_.format.value_or(Format::table)) {
      case Format::csv:
        std::cout << csv(control_.inventory(), control_.alerts(), names_);
        break;
      case Format::json:
        print_json();
        break;
      case Format::table: {
        std::cout << table(control_.inventory(), control_.alerts(), summary_, names_,
                           {wants_colour(), options_.files.size() > 1});
        break;
      }
    }
    std::cout.flush();
  }

  /// The device that was asked for, or all that are flagged; whether there was one.
  bool print_explanations() const {
    bool is_json = options_.format == Format::json;
    bool colour = wants_colour();
    bool is_first = true;
    for (const Device* device : in_order(control_.inventory())) {
      if (options_.device.empty() && !device->is_flagged) continue;
      std::string line = device_record(*device, control_.alerts().hits(*device), names_).line;
      boost::json::object record = boost::json::parse(line).as_object();
      if (!options_.device.empty() && !is_named(record, options_.device)) continue;
      std::cout << (is_json ? line + '\n'
                            : (is_first ? "" : "\n") + tapwarden::explain(record, colour));
      is_first = false;
    }
    std::cout.flush();
    return !is_first;
  }

  void print_json() const {
    const Alerts& alerts = control_.alerts();
    std::vector<const Device*> devices = in_order(control_.inventory());
    for (const Device* device : devices) {
      std::cout << device_record(*device, alerts.hits(*device), names_).line << '\n';
    }
    std::set<std::string> told;
    for (const Device* device : devices) {
      std::vector<Hit> hits = alerts.hits(*device);
      for (const Hit& hit : hits) {
        Alert alert = alert_of(*device, hit, {names_.taps});
        if (!told.insert(alert.id).second) continue;  // the same MAC in another VLAN
        std::cout << alert_record(alert, alert.timeline.front(), device, hits, control_.policies(),
                                  names_)
                         .line
                  << '\n';
      }
    }
    std::cout << summary_record(summary_, last_, names_).line << '\n';
  }

  const ScanOptions& options_;
  Names names_;
  Control control_;
  Worker worker_;
  Summary summary_;
  Progress progress_;
  Timestamp last_;
};

}  // namespace

int scan(const Common& common, const ScanOptions& options) {
  if (options.separate && options.files.size() > std::numeric_limits<uint16_t>::max()) {
    throw std::runtime_error("--separate takes at most 65535 files");
  }
  Setup setup = set_up(common);
  JudgeSettings& judge = setup.settings.judge;
  if (!options.policies.empty()) judge.policies = options.policies;
  Diagnostics diagnostics;
  for (const std::string& id : options.policies) {
    const Policies& known = setup.rules.policies;
    if (known.find(id) == nullptr) diagnostics.add("--policy", 0, 0, known.unknown(id));
  }
  if (!diagnostics.empty()) throw Misconfigured(diagnostics);
  if (options.grade) judge.grade = *options.grade;
  setup.settings.networks.is_one_site = !options.separate;
  judge.as_of = options.as_of ? options.as_of : today();
  setup.rules.knowledge.as_of = *judge.as_of;
  return Scan(setup, options)();
}

}  // namespace tapwarden
