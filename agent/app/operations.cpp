// SPDX-License-Identifier: Apache-2.0
#include "app/operations.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <tuple>
#include <utility>

#include "app/request.hpp"
#include "core/text.hpp"
#include "report/alert_status.hpp"
#include "report/order.hpp"
#include "report/records.hpp"
#include "yaml/units.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

constexpr size_t kPieceSize = 64 << 10;
constexpr size_t kPieceCount = 512;  // looked at for one piece, so that it does not take long
constexpr size_t kIdsMax = 1000;     // alerts of one action

std::string line_of(const json::object& object) { return json::serialize(object) + '\n'; }

Answer lines(std::string text) {
  return [text = std::move(text)](std::string& piece) mutable {
    piece = std::move(text);
    return false;
  };
}

std::string done(json::object more = {}) {
  json::object object{{"kind", "answer"}, {"ok", true}};
  for (auto& [key, value] : more) object[key] = std::move(value);
  return line_of(object);
}

std::string failed(std::string_view error) {
  return line_of({{"kind", "answer"}, {"ok", false}, {"error", error}});
}

/// One line for each item that `line` gives a text for.
template <typename Item, typename Line>
Answer each_in_turn(std::vector<Item> items, Line line) {
  return [items = std::move(items), line = std::move(line), at = size_t{0},
          told = size_t{0}](std::string& piece) mutable {
    size_t end = std::min(items.size(), at + kPieceCount);
    for (; at < end && piece.size() < kPieceSize; ++at) {
      size_t before = piece.size();
      piece += line(items[at]);
      told += piece.size() != before ? 1 : 0;
    }
    if (at < items.size()) return true;
    piece += done({{"count", told}});
    return false;
  };
}

}  // namespace

struct Operations::Reloaded {
  Setup setup;
  Diagnostics diagnostics;
  Diagnostics notes;
  std::string error;
};

Operations::Operations(boost::asio::io_context& loop, Setup& setup, const Common& common,
                       Control& control, Memory& memory, Outlets& outlets, const Names& names,
                       AskTaps ask_taps, AskSocket ask_socket)
    : loop_(loop),
      setup_(setup),
      common_(common),
      control_(control),
      memory_(memory),
      outlets_(outlets),
      names_(names),
      ask_taps_(std::move(ask_taps)),
      ask_socket_(std::move(ask_socket)) {}

Operations::~Operations() { background_.join(); }

void Operations::operator()(const std::string& request, const std::string& user, Respond respond) {
  boost::system::error_code error;
  json::value value = json::parse(request, error);
  const json::object* object = error ? nullptr : value.if_object();
  if (object == nullptr) return respond(lines(failed("a request is a JSON object in one line")));
  std::string command = word_of(*object, "command");
  if (command == "status") return status(*object, std::move(respond));
  if (command == "inventory") return inventory(*object, std::move(respond));
  if (command == "explain") return explain(*object, std::move(respond));
  if (command == "alerts") return alerts(*object, std::move(respond));
  if (command == "alert") return alert(*object, std::move(respond));
  if (command == "act") return act(*object, user, std::move(respond));
  if (command == "reload") {
    spdlog::info("{} asks for a reload", user);
    return reload(std::move(respond));
  }
  respond(lines(
      failed("no such command; there are: status inventory explain alerts alert act reload")));
}

// --- what there is -------------------------------------------------------------------------------

void Operations::status(const Request&, Respond respond) {
  ask_taps_([this, respond = std::move(respond)](const std::vector<Tap>& taps) {
    respond(lines(line_of(status_object(taps)) + done()));
  });
}

json::object Operations::status_object(const std::vector<Tap>& taps) const {
  json::array tap_list;
  for (const Tap& tap : taps) {
    tap_list.push_back(json::object{{"name", tap.name},
                                    {"interface", tap.interface},
                                    {"received", tap.summary.received},
                                    {"dropped", tap.summary.dropped},
                                    {"packets", tap.summary.packets},
                                    {"decoded", tap.summary.decoded},
                                    {"observations_dropped", tap.summary.observations_dropped}});
  }
  size_t flagged = 0;
  control_.inventory().each([&](const Device& device) { flagged += device.is_flagged ? 1 : 0; });
  json::object states;
  for (std::string_view name : alert_states) states[name] = uint64_t{0};
  control_.alerts().each([&](const Alert& alert) {
    json::value& count = states[to_string(alert.state)];
    count = count.as_uint64() + 1;
  });
  const std::filesystem::path& directory = setup_.settings.state.directory;
  std::string_view state = !memory_.trouble().empty() ? "degraded"
                           : directory.empty()        ? "off"
                                                      : "ok";
  Inventory::Counters inventory = control_.inventory().counters();
  ControlSocket::Counters socket = ask_socket_();
  auto uptime = std::chrono::floor<std::chrono::seconds>(wall_clock() - started_);
  return {{"kind", "status"},
          {"sensor", {{"name", names_.sensor}, {"version", TAPWARDEN_VERSION}}},
          {"pid", ::getpid()},
          {"started", to_rfc3339(started_)},
          {"uptime_seconds", uptime.count()},
          {"taps", std::move(tap_list)},
          {"devices", control_.inventory().size()},
          {"flagged", flagged},
          {"alerts", std::move(states)},
          {"state",
           {{"directory", directory.string()}, {"status", state}, {"error", memory_.trouble()}}},
          {"bounds",
           {{"devices_evicted", inventory.devices_evicted},
            {"devices_refused", inventory.devices_refused},
            {"alerts_evicted", control_.alerts().evicted()},
            {"alerts_refused", control_.alerts().refused()}}},
          {"control",
           {{"clients", socket.clients},
            {"refused", socket.refused},
            {"too_long", socket.too_long},
            {"too_slow", socket.too_slow}}},
          {"outputs", outlets_.status()}};
}

std::string Operations::device_line(const Device& device) const {
  return device_record(device, control_.alerts().hits(device), names_).line + '\n';
}

void Operations::inventory(const Request& request, Respond respond) {
  if (std::string error = query_error(request, setup_.rules, control_); !error.empty())
    return respond(lines(failed(error)));
  std::string supplier = word_of(request, "supplier");
  bool flagged_only = is_set(request, "flagged");
  std::vector<HostKey> keys;
  for (const Device* device : in_order(control_.inventory())) {
    if (flagged_only && !device->is_flagged) continue;
    if (!supplier.empty() && (!device->verdict || device->verdict->supplier != supplier)) continue;
    keys.push_back(device->key);
  }
  // By their keys, since they may be gone by the time that it is their turn.
  respond(each_in_turn(std::move(keys), [this](const HostKey& key) {
    const Device* device = control_.inventory().find(key);
    return device == nullptr ? std::string() : device_line(*device);
  }));
}

void Operations::explain(const Request& request, Respond respond) {
  std::string name = word_of(request, "device");
  auto mac = parse_mac(name);
  auto ip = IpAddress::parse(name);
  std::vector<HostKey> keys;
  control_.inventory().each([&](const Device& device) {
    bool is_meant =
        device.id == name || (mac && std::ranges::find(device.macs, *mac) != device.macs.end()) ||
        (ip && std::ranges::any_of(device.addresses,
                                   [&](const DeviceAddress& one) { return one.ip == *ip; }));
    if (is_meant) keys.push_back(device.key);
  });
  respond(each_in_turn(std::move(keys), [this](const HostKey& key) {
    const Device* device = control_.inventory().find(key);
    return device == nullptr ? std::string() : device_line(*device);
  }));
}

// --- alerts --------------------------------------------------------------------------------------

const Device* Operations::device_of(const Alert& alert) const {
  return control_.inventory().find(alert.device);
}

void Operations::alerts(const Request& request, Respond respond) {
  if (std::string error = query_error(request, setup_.rules, control_); !error.empty())
    return respond(lines(failed(error)));
  std::string state = word_of(request, "state"), severity = word_of(request, "severity"),
              policy = word_of(request, "policy"), supplier = word_of(request, "supplier");
  std::optional<Date> since = yaml::parse_date(word_of(request, "since"));
  using Place = std::tuple<int, Timestamp, std::string>;
  std::vector<Place> found;
  control_.alerts().each([&](const Alert& alert) {
    if (!state.empty() && state != to_string(alert.state)) return;
    if (!severity.empty() && severity != to_string(alert.severity)) return;
    if (!policy.empty() && policy != alert.policy) return;
    if (!supplier.empty() && supplier != alert.supplier) return;
    if (since && alert.changed < std::chrono::sys_days(*since)) return;
    found.emplace_back(-static_cast<int>(alert.severity), alert.raised, alert.id);
  });
  std::ranges::sort(found);
  respond(each_in_turn(std::move(found), [this](const Place& place) {
    const Alert* alert = control_.alerts().find(std::get<2>(place));
    return alert == nullptr ? std::string() : line_of(alert_status(*alert, device_of(*alert)));
  }));
}

/// The one alert whose id begins so; otherwise empty, and why in `error`.
std::string Operations::resolve(std::string_view id, std::string& error) const {
  if (id.empty()) {
    error = "an alert is named by its id, or how that begins";
    return {};
  }
  if (control_.alerts().find(id) != nullptr) return std::string(id);
  std::vector<std::string> found;
  control_.alerts().each([&](const Alert& alert) {
    if (alert.id.starts_with(id)) found.push_back(alert.id);
  });
  if (found.size() == 1) return found.front();
  BoundedText<64> text;
  text.assign_clean(id);
  std::string shown(text.cut() ? "of that name" : text.view());
  if (found.empty()) {
    error = fmt::format("there is no alert {}", shown);
    return {};
  }
  std::ranges::sort(found);
  constexpr size_t named = 4;
  std::string more = found.size() > named ? " ..." : "";
  if (found.size() > named) found.resize(named);
  error = fmt::format("{} is the beginning of several alerts: {}{}", shown, fmt::join(found, " "),
                      more);
  return {};
}

void Operations::alert(const Request& request, Respond respond) {
  std::string error;
  std::string id = resolve(word_of(request, "alert"), error);
  if (id.empty()) return respond(lines(failed(error)));
  const Alert& alert = *control_.alerts().find(id);
  const Device* device = device_of(alert);
  std::vector<Hit> hits;
  if (device != nullptr) hits = control_.alerts().hits(*device);
  respond(lines(line_of(alert_story(alert, device, hits, control_.policies(), names_)) + done()));
}

void Operations::act(const Request& request, const std::string& user, Respond respond) {
  std::string error;
  Action action = read_action(request, user, error);
  std::vector<std::string> ids;
  const json::value* list = request.if_contains("alerts");
  if (list == nullptr || !list->is_array() || list->get_array().empty() ||
      list->get_array().size() > kIdsMax) {
    if (error.empty()) error = fmt::format("1 to {} alerts are needed", kIdsMax);
  } else {
    for (const json::value& one : list->get_array()) {
      if (!error.empty()) break;
      std::string id = resolve(one.is_string() ? std::string_view(one.get_string()) : "", error);
      if (std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
    }
  }
  // All or nothing where it is not clear what is meant.
  if (!error.empty()) return respond(lines(failed(error)));
  std::string text;
  size_t refused = 0;
  for (const std::string& id : ids) {
    const Device* device = device_of(*control_.alerts().find(id));
    std::string why = control_.alerts().act(id, action, wall_clock(), device);
    refused += why.empty() ? 0 : 1;
    text += line_of({{"kind", "action"},
                     {"id", id},
                     {"state", to_string(control_.alerts().find(id)->state)},
                     {"error", why}});
  }
  spdlog::info("{}: {} {} of {} alerts", action.actor, word_of(request, "action"),
               ids.size() - refused, ids.size());
  // Only what a crash does not undo is said to be done.
  memory_.when_saved([this, text, refused, respond = std::move(respond)] {
    json::object answer{{"kind", "answer"}, {"ok", refused == 0}};
    if (refused != 0) answer["error"] = fmt::format("{} not done", refused);
    if (!memory_.trouble().empty())
      answer["warning"] = "done, but not kept over a restart: " + memory_.trouble();
    respond(lines(text + line_of(answer)));
  });
}

// --- reload --------------------------------------------------------------------------------------

void Operations::reload(Respond respond) {
  if (std::exchange(is_reloading_, true))
    return respond(lines(failed("a reload is under way already")));
  boost::asio::post(background_, [this, respond = std::move(respond)]() mutable {
    auto reloaded = std::make_shared<Reloaded>();
    try {
      verify(common_, reloaded->setup, reloaded->diagnostics, reloaded->notes);
    } catch (const std::exception& error) {
      reloaded->error = error.what();
    }
    boost::asio::post(loop_, [this, reloaded, respond = std::move(respond)]() mutable {
      is_reloading_ = false;
      const Diagnostics& diagnostics = reloaded->diagnostics;
      std::string error = reloaded->error;
      if (error.empty() && !diagnostics.empty()) {
        error = fmt::format("{} {}; the rules stay as they were", diagnostics.all().size(),
                            diagnostics.all().size() == 1 ? "error" : "errors");
      }
      std::string text;
      for (const Diagnostic& one : diagnostics.all())
        text += line_of({{"kind", "diagnostic"}, {"text", one.text()}});
      if (!error.empty()) {
        spdlog::error("reload: {}", error);
        return respond(lines(text + failed(error)));
      }
      take(*reloaded);
      boost::asio::post(background_, [old = std::move(reloaded)] {});  // it takes its time as well
      memory_.when_saved([this, respond = std::move(respond)] {
        const Knowledge& knowledge = setup_.rules.knowledge;
        respond(lines(done({{"suppliers", knowledge.suppliers.all().size()},
                            {"policies", setup_.rules.policies.all().size()},
                            {"fingerprints", knowledge.fingerprints.size()},
                            {"authorisations", setup_.authorisations.all().size()}})));
      });
    });
  });
}

/// The old rules are left in `reloaded`. Of the configuration only what names rules is taken.
void Operations::take(Reloaded& reloaded) {
  std::swap(setup_.rules, reloaded.setup.rules);
  std::swap(setup_.places, reloaded.setup.places);
  setup_.authorisations = reloaded.setup.authorisations;
  setup_.settings.judge = reloaded.setup.settings.judge;
  control_.alerts().judge_by(setup_.settings.judge);
  control_.alerts().authorise_by(setup_.authorisations);
  control_.inventory().judge_all();
  control_.alerts().authorise_judged(wall_clock());
  memory_.commit();
  spdlog::info("reloaded: {} policies, {} fingerprints, {} authorisations",
               setup_.rules.policies.all().size(), setup_.rules.knowledge.fingerprints.size(),
               setup_.authorisations.all().size());
}

}  // namespace tapwarden
