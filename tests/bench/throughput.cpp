// SPDX-License-Identifier: Apache-2.0
// How fast a scan is beside a bare pcap_loop that only counts, on one long trace mixed from real
// captures; and how long the rules take to load, and how much memory a scan needs.
#include <fcntl.h>
#include <fmt/format.h>
#include <pcap/pcap.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "app/rules.hpp"
#include "capture/file.hpp"
#include "core/diagnostics.hpp"

namespace tapwarden::bench {

namespace {

namespace fs = std::filesystem;

constexpr int kEthernet = 1;
constexpr uint64_t kTraceMax = uint64_t{1} << 30;
constexpr size_t kFramesMax = 256 << 20;  // octets of distinct frames kept while mixing
constexpr int kRuns = 5;

using Octets = std::vector<uint8_t>;

/// The Ethernet frames of each capture below the directories.
std::vector<std::vector<Octets>> frames_of(const std::vector<std::string>& directories) {
  std::vector<fs::path> paths;
  for (const std::string& directory : directories) {
    if (!fs::is_directory(directory)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
      if (entry.is_regular_file() &&
          entry.path().filename().string().find("cap") != std::string::npos)
        paths.push_back(entry.path());
    }
  }
  std::ranges::sort(paths);
  std::vector<std::vector<Octets>> files;
  size_t size = 0;
  for (const fs::path& path : paths) {
    try {
      CaptureFile capture(path);
      Frame frame;
      std::vector<Octets>& frames = files.emplace_back();
      while (size < kFramesMax && capture.next(frame)) {
        if (frame.link_type != kEthernet || frame.bytes.size() > 65535) continue;
        frames.emplace_back(frame.bytes.begin(), frame.bytes.end());
        size += frame.bytes.size();
      }
    } catch (const std::runtime_error&) {  // some are no captures on purpose
    }
  }
  return files;
}

/// A frame of each capture in turn until all are used up, and all of it again, ten microseconds
/// from frame to frame.
void mix(const std::vector<std::vector<Octets>>& files, uint64_t packets_max,
         const std::string& path) {
  size_t longest = 0;
  for (const auto& frames : files) longest = std::max(longest, frames.size());
  if (longest == 0) throw std::runtime_error("no capture to make a trace of");
  std::ofstream trace(path, std::ios::binary);
  auto put = [&](std::initializer_list<uint32_t> words) {
    for (uint32_t word : words) trace.write(reinterpret_cast<const char*>(&word), sizeof word);
  };
  put({0xa1b2c3d4, 0x00040002, 0, 0, 65535, kEthernet});
  uint64_t packets = 0;
  uint64_t size = 24;
  for (size_t turn = 0;; turn = (turn + 1) % longest) {
    for (const auto& frames : files) {
      if (turn >= frames.size()) continue;
      const Octets& frame = frames[turn];
      size += 16 + frame.size();
      if (packets == packets_max || size > kTraceMax) return;
      auto length = static_cast<uint32_t>(frame.size());
      put({static_cast<uint32_t>(1'780'000'000 + packets / 100'000),
           static_cast<uint32_t>(packets % 100'000 * 10), length, length});
      trace.write(reinterpret_cast<const char*>(frame.data()), length);
      ++packets;
    }
  }
}

struct Cost {
  double seconds = 0;    ///< by the clock on the wall
  double processor = 0;  ///< user and system time: what others do on the machine hardly counts
  double megabytes = 0;  ///< resident, at the peak
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// What `work` costs in a process of its own; its output goes nowhere.
Cost cost_of(const std::function<int()>& work) {
  auto begun = std::chrono::steady_clock::now();
  pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    _exit(work());
  }
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  if (status != 0) throw std::runtime_error("a run failed");
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(),
          seconds_of(used.ru_utime) + seconds_of(used.ru_stime),
          static_cast<double>(used.ru_maxrss) / 1024};
}

uint64_t count_packets(const std::string& trace) {
  char error[PCAP_ERRBUF_SIZE];
  pcap_t* capture = pcap_open_offline(trace.c_str(), error);
  if (capture == nullptr) throw std::runtime_error(error);
  uint64_t count = 0;
  auto callback = [](u_char* counted, const pcap_pkthdr*, const u_char*) {
    ++*reinterpret_cast<uint64_t*>(counted);
  };
  pcap_loop(capture, -1, callback, reinterpret_cast<u_char*>(&count));
  pcap_close(capture);
  return count;
}

Cost median(std::vector<Cost> runs) {
  auto middle = [&](double Cost::*member) {
    std::ranges::sort(runs, {}, member);
    return runs[runs.size() / 2].*member;
  };
  return {middle(&Cost::seconds), middle(&Cost::processor), middle(&Cost::megabytes)};
}

void print(std::string_view name, const Cost& cost, const Cost& base, uint64_t packets) {
  fmt::print("{:<16} {:>8.3f} {:>8.3f} {:>12.0f} {:>7.2f} {:>7.2f} {:>8.1f}\n", name, cost.seconds,
             cost.processor, static_cast<double>(packets) / cost.processor,
             cost.seconds / base.seconds, cost.processor / base.processor, cost.megabytes);
}

/// Milliseconds, the median of several.
template <typename Load>
double load_time(Load load) {
  std::vector<double> times;
  for (int i = 0; i < kRuns; ++i) {
    auto begun = std::chrono::steady_clock::now();
    load();
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
            .count());
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

void compare(const std::string& program, const std::string& trace, uint64_t packets) {
  std::map<std::string, std::vector<Cost>> runs;
  for (int i = 0; i < kRuns; ++i) {
    runs["count"].push_back(cost_of([&] { return count_packets(trace) == packets ? 0 : 1; }));
    auto scan = [&](const std::string& file) {
      return cost_of([&] {
        execl(program.c_str(), program.c_str(), "scan", file.c_str(), nullptr);
        return 1;
      });
    };
    runs["start"].push_back(scan(trace + ".empty"));
    runs["scan"].push_back(scan(trace));
  }
  Cost base = median(runs["count"]);
  fmt::print("{:<16} {:>8} {:>8} {:>12} {:>7} {:>7} {:>8}\n", "", "seconds", "cpu s",
             "packets/cpu s", "ratio", "cpu", "MB");
  print("pcap_loop", base, base, packets);
  print("tapwarden scan", median(runs["scan"]), base, packets);
  Cost start = median(runs["start"]);
  fmt::print("{:<16} {:>8.3f} {:>8.3f} {:>37.1f}\n", "  its start", start.seconds, start.processor,
             start.megabytes);
}

void load_rules(const std::string& rules) {
  Diagnostics diagnostics;
  fs::path registry = fs::path(rules) / "registries/ieee.tsv";
  double registry_ms = load_time([&] { Registry::load(registry, diagnostics); });
  double rules_ms = load_time([&] { Rules::load({rules, {}}, diagnostics); });
  fmt::print("\nIEEE registry {:.1f} ms (50 ms at most), all rules {:.1f} ms\n", registry_ms,
             rules_ms);
}

int run(const std::vector<std::string>& values) {
  if (values.size() < 5) {
    fmt::print(stderr, "usage: throughput PACKETS TAPWARDEN RULES TRACE DIRECTORY...\n");
    return 2;
  }
  uint64_t packets = 0;
  std::from_chars(values[0].data(), values[0].data() + values[0].size(), packets);
  const std::string& trace = values[3];
  // In a process of its own: a child's peak counts what its parent held.
  cost_of([&] {
    mix(frames_of({values.begin() + 4, values.end()}), packets, trace);
    mix({{Octets(60)}}, 0, trace + ".empty");
    return 0;
  });
  packets = count_packets(trace);
  fmt::print("{} packets, {} MB, median of {} runs\n\n", packets, fs::file_size(trace) >> 20,
             kRuns);
  compare(values[1], trace, packets);
  load_rules(values[2]);
  return 0;
}

}  // namespace

}  // namespace tapwarden::bench

int main(int count, char** values) {
  try {
    return tapwarden::bench::run({values + 1, values + count});
  } catch (const std::exception& error) {
    fmt::print(stderr, "throughput: {}\n", error.what());
    return 1;
  }
}
