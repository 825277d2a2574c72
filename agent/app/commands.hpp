// SPDX-License-Identifier: Apache-2.0
// The commands, each with what the command line can tell it. A command returns its exit code; what
// the environment refuses at start-up is thrown up to main.
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/rules.hpp"
#include "policy/alerts.hpp"

namespace tapwarden {

/// Exit codes of the program.
enum Exit : int { kDone = 0, kFailed = 1, kUsage = 2, kFlagged = 3, kConfiguration = 78 };

/// The command line asks for what cannot be; main ends with 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What all commands take: where configuration and rules lie.
struct Common {
  std::string configuration;  ///< file; built-in defaults when empty
  std::string rules;          ///< directory of the shipped rules; found by itself when empty
  std::vector<std::string> knowledge;  ///< further directories of rules
  std::string recog;  ///< directory of Recog's files; the configured one when empty
};

enum class Format { table, json, csv };

struct ScanOptions {
  std::vector<std::string> files;
  std::optional<Format> format;
  std::vector<std::string> policies;
  std::optional<Grade> grade;
  std::optional<Date> as_of;
  std::optional<bool> fail_on_flagged;
  bool separate = false;  ///< each file is a tap of its own
  bool explain = false;   ///< at length, the flagged devices or `device`
  std::string device;     ///< only this one: MAC address, IP address or id; all when empty
};

struct ExplainOptions {
  std::string device;              ///< MAC address, IP address or id
  std::vector<std::string> files;  ///< captures; the daemon's snapshot when there are none
  bool as_json = false;
  std::string socket;  ///< of the daemon
};

/// Where a running daemon is, for what asks it.
struct OperatorOptions {
  std::string socket;  ///< the configuration's, or the usual place, when empty
  std::string by;      ///< for whom the user acts
  std::optional<Format> format;
};

struct AlertListOptions {
  std::optional<AlertState> state;
  std::optional<Severity> severity;
  std::string policy;
  std::string supplier;
  std::optional<Date> since;
};

struct InventoryOptions {
  std::string supplier;
  bool flagged = false;
};

/// What is to be done about alerts.
struct AlertActionOptions {
  Action::Kind kind = Action::Kind::acknowledge;
  std::vector<std::string> alerts;  ///< ids, or how they begin
  std::string reason;
  std::optional<Date> until;
};

struct RunOptions {
  std::vector<std::string> interfaces;
  std::string filter;
  std::string alerts_file;
  std::string snapshot_file;
  std::string state_directory;
  std::optional<std::chrono::milliseconds> snapshot_interval;
};

struct CheckOptions {
  bool print_configuration = false;
  bool print_schema = false;
};

struct UpdateOptions {
  std::vector<std::string> ieee;   ///< files or URLs of the IEEE's CSV
  std::string enterprise_numbers;  ///< file or URL of IANA's text
  std::string directory = state_rules;
  std::optional<Date> as_of;
  bool force = false;
};

int scan(const Common& common, const ScanOptions& options);
int run(const Common& common, const RunOptions& options);
int explain(const Common& common, const ExplainOptions& options);
int list_alerts(const Common& common, const OperatorOptions& options,
                const AlertListOptions& filter);
int show_alert(const Common& common, const OperatorOptions& options, const std::string& alert);
int act_on_alerts(const Common& common, const OperatorOptions& options,
                  const AlertActionOptions& action);
int list_inventory(const Common& common, const OperatorOptions& options,
                   const InventoryOptions& filter);
int show_status(const Common& common, const OperatorOptions& options);
int reload(const Common& common, const OperatorOptions& options);
int check(const Common& common, const CheckOptions& options);
int lookup(const Common& common, const std::vector<std::string>& values);
int protocols(bool as_markdown);
int update(const UpdateOptions& options);
std::string version(const Common& common);

/// The command line: parses it and runs the command it names.
int main_of(int count, const char* const* arguments);

}  // namespace tapwarden
