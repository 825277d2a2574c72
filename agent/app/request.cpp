// SPDX-License-Identifier: Apache-2.0
#include "app/request.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>
#include <optional>
#include <span>

#include "core/text.hpp"
#include "identify/rule_files.hpp"
#include "policy/judge.hpp"
#include "yaml/units.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

/// Empty where there was more than that.
template <size_t Bound>
std::optional<std::string> bounded(std::string_view raw) {
  BoundedText<Bound> text;
  text.assign_clean(raw);
  if (text.cut()) return std::nullopt;
  return std::string(text.view());
}

std::optional<Action::Kind> kind_of(std::string_view name) {
  constexpr std::string_view names[] = {"acknowledge", "authorise", "suppress", "reopen"};
  auto found = std::ranges::find(names, name);
  if (found == std::end(names)) return std::nullopt;
  return Action::Kind(found - std::begin(names));
}

std::string choice_error(const json::object& request, std::string_view key,
                         std::span<const std::string_view> allowed) {
  std::string word = word_of(request, key);
  if (word.empty() || std::ranges::find(allowed, word) != allowed.end()) return {};
  std::string_view near = nearest(shown(word), allowed);
  return fmt::format("{}: \"{}\" is unknown{}; there are: {}", key, shown(word),
                     near.empty() ? "" : fmt::format(", did you mean \"{}\"?", near),
                     fmt::join(allowed, " "));
}

/// One that the rules have no more may still be in alerts and devices that are older.
bool is_supplier(std::string_view id, const Rules& rules, const Control& control) {
  bool is = rules.knowledge.suppliers.find(id) != nullptr;
  control.alerts().each([&](const Alert& alert) { is = is || alert.supplier == id; });
  control.inventory().each(
      [&](const Device& device) { is = is || (device.verdict && device.verdict->supplier == id); });
  return is;
}

bool is_policy(std::string_view id, const Rules& rules, const Control& control) {
  bool is = rules.policies.find(id) != nullptr;
  control.alerts().each([&](const Alert& alert) { is = is || alert.policy == id; });
  return is;
}

/// Who did it: the user that the system names, beside whom he says that he acts for.
std::string actor_of(const std::string& by, const std::string& user) {
  return by.empty() || by == user ? user : fmt::format("{} ({})", by, user);
}

}  // namespace

std::string word_of(const json::object& request, std::string_view key) {
  const json::value* value = request.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool is_set(const json::object& request, std::string_view key) {
  const json::value* value = request.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::string query_error(const json::object& request, const Rules& rules, const Control& control) {
  for (std::string error : {choice_error(request, "state", alert_states),
                            choice_error(request, "severity", severity_names)}) {
    if (!error.empty()) return error;
  }
  std::string policy = word_of(request, "policy"), supplier = word_of(request, "supplier"),
              since = word_of(request, "since");
  if (!policy.empty() && !is_policy(policy, rules, control))
    return "policy: " + rules.policies.unknown(shown(policy));
  if (!supplier.empty() && !is_supplier(supplier, rules, control))
    return "supplier: " + rules.knowledge.suppliers.unknown(shown(supplier));
  if (!since.empty() && !yaml::parse_date(since)) return "since: " + yaml::date_error(since);
  return {};
}

Action read_action(const json::object& request, const std::string& user, std::string& error) {
  Action action;
  auto kind = kind_of(word_of(request, "action"));
  if (!kind) error = "no such action; there are: acknowledge authorise suppress reopen";
  action.kind = kind.value_or(Action::Kind::acknowledge);
  auto by = bounded<128>(word_of(request, "by"));
  auto reason = bounded<1024>(word_of(request, "reason"));
  if (!by || !reason) error = "too long: a name has 128 octets at most, a reason 1024";
  action.actor = actor_of(by.value_or(""), user);
  action.reason = reason.value_or("");
  bool is_for_good =
      action.kind == Action::Kind::authorise || action.kind == Action::Kind::suppress;
  if (is_for_good && action.reason.empty() && error.empty()) error = "a reason is needed";
  if (action.kind != Action::Kind::authorise) return action;
  std::string until = word_of(request, "until");
  std::optional<Date> day = yaml::parse_date(until);
  if (!day && error.empty()) {
    error = until.empty() ? "the last day is needed, as in 2027-01-31"
                          : "until: " + yaml::date_error(until);
  }
  if (day) action.until = end_of(*day);
  return action;
}

}  // namespace tapwarden
