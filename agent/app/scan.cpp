// SPDX-License-Identifier: Apache-2.0
// tapwarden scan: captures in, devices out. The same pipeline as the daemon's, in one thread, with
// time taken from the packets.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <limits>

#include "app/commands.hpp"
#include "app/control.hpp"
#include "app/setup.hpp"
#include "capture/file.hpp"
#include "core/text.hpp"
#include "pipeline/worker.hpp"
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
        control_(setup.rules, setup.settings, names_.taps, [](const Alert&, const Device&) {}),
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
    control_.inventory().each(
        [&](const Device& device) { summary_.alerts += control_.alerts().hits(device).size(); });
    print();
    if (summary_.files_failed != 0) return kFailed;
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

  void print() const {
    switch (options_.format.value_or(Format::table)) {
      case Format::csv:
        std::cout << csv(control_.inventory(), control_.alerts(), names_);
        break;
      case Format::json:
        print_json();
        break;
      case Format::table: {
        bool colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
        std::cout << table(control_.inventory(), control_.alerts(), summary_, names_,
                           {colour, options_.files.size() > 1});
        break;
      }
    }
    std::cout.flush();
  }

  void print_json() const {
    const Alerts& alerts = control_.alerts();
    std::vector<const Device*> devices = in_order(control_.inventory());
    for (const Device* device : devices) {
      std::cout << device_record(*device, alerts.hits(*device), names_).line << '\n';
    }
    for (const Device* device : devices) {
      std::vector<Hit> hits = alerts.hits(*device);
      for (const Hit& hit : hits) {
        Alert alert = alert_of(*device, hit, device->last_seen);
        std::cout << alert_record(alert, *device, hits, names_).line << '\n';
      }
    }
    std::cout << summary_record(summary_, last_).line << '\n';
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
  check_policies(setup.rules.policies, options.policies, "--policy", diagnostics);
  if (!diagnostics.empty()) throw Misconfigured(diagnostics);
  if (options.grade) judge.grade = *options.grade;
  judge.as_of = options.as_of ? options.as_of : today();
  return Scan(setup, options)();
}

}  // namespace tapwarden
