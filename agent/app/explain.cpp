// SPDX-License-Identifier: Apache-2.0
// tapwarden explain: why a device is what it is said to be; from captures, from the running daemon,
// or from the snapshot that it leaves.
#include "report/explain.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>

#include "app/client.hpp"
#include "app/commands.hpp"
#include "app/setup.hpp"
#include "core/text.hpp"

namespace tapwarden {

namespace {

/// What of a snapshot's lines is the device that was asked for. Lines that are no record are an
/// error of the file, not of the device.
int explain_from(const std::string& path, const ExplainOptions& options) {
  std::ifstream file(path);
  if (!file) throw std::system_error(errno, std::generic_category(), path);
  bool colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  bool is_found = false;
  std::string line;
  for (size_t number = 1; std::getline(file, line); ++number) {
    boost::system::error_code error;
    boost::json::value value = boost::json::parse(line, error);
    if (error || !value.is_object())
      throw std::runtime_error(fmt::format("{}:{}: is no record", path, number));
    const boost::json::object& record = value.get_object();
    const boost::json::value* kind = record.if_contains("kind");
    if (kind == nullptr || *kind != "device" || !is_named(record, options.device)) continue;
    if (options.as_json) {
      std::cout << boost::json::serialize(record) << '\n';
    } else {
      std::cout << (is_found ? "\n" : "") << explain(record, colour);
    }
    is_found = true;
  }
  if (is_found) return kDone;
  BoundedText<255> shown;
  shown.assign_clean(options.device);
  std::cerr << fmt::format("tapwarden: no device {} is in {}\n", shown.view(), path);
  return kFailed;
}

/// What the running daemon says; nothing where none runs or this is not its user.
std::optional<int> explain_live(const Common& common, const ExplainOptions& options) {
  bool is_named_socket = !options.socket.empty();
  std::filesystem::path socket = options.socket;
  try {
    if (!is_named_socket) socket = find_socket(common, {});
    bool colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    bool is_found = false;
    ask(socket, {{"command", "explain"}, {"device", options.device}},
        [&](const boost::json::object& record) {
          std::cout << (options.as_json ? boost::json::serialize(record) + '\n'
                                        : (is_found ? "\n" : "") + explain(record, colour));
          is_found = true;
        });
    if (is_found) return kDone;
  } catch (const UsageError&) {  // the configuration has no socket
    return std::nullopt;
  } catch (const Unreachable&) {
    if (is_named_socket) throw;
    return std::nullopt;
  }
  BoundedText<255> shown;
  shown.assign_clean(options.device);
  std::cerr << fmt::format("tapwarden: the agent at {} knows no device {}\n", socket.string(),
                           shown.view());
  return kFailed;
}

}  // namespace

int explain(const Common& common, const ExplainOptions& options) {
  if (!options.files.empty()) {
    ScanOptions scan_options;
    scan_options.files = options.files;
    scan_options.device = options.device;
    if (options.as_json) scan_options.format = Format::json;
    return scan(common, scan_options);
  }
  if (auto code = explain_live(common, options)) return *code;
  Setup setup = set_up(common);
  std::string snapshot = setup.settings.snapshot.file.string();
  if (snapshot.empty()) {
    throw UsageError(
        "explain needs captures, a running daemon (--socket, or -c with its configuration), or a "
        "configuration with a snapshot.file that it writes");
  }
  return explain_from(snapshot, options);
}

}  // namespace tapwarden
