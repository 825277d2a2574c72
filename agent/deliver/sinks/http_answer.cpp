// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/http_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <ctime>
#include <optional>
#include <span>

#include "deliver/sinks/excerpt.hpp"

namespace tapwarden {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto kPauseMax = 1h;
constexpr size_t kJsonDepthMax = 16;

bool is_among(std::span<const uint64_t> codes, uint64_t code) {
  return std::ranges::find(codes, code) != codes.end();
}

HttpVerdict all(size_t count, const Delivery& delivery) {
  return {.deliveries = std::vector<Delivery>(count, delivery)};
}

HttpVerdict halves(size_t count, bool is_too_large = false) {
  return {.pieces = {count - count / 2, count / 2}, .is_too_large = is_too_large};
}

/// Refused for what is in it: of several messages it cannot be said which.
HttpVerdict refused(size_t count, const std::string& error) {
  return count > 1 ? halves(count) : all(1, {.outcome = Outcome::poisoned, .error = error});
}

std::string describe(const HttpAnswer& answer) {
  std::string text = fmt::format("answered {} {}", answer.status, excerpt(answer.reason));
  if (text.ends_with(' ')) text.pop_back();
  std::string body = excerpt(answer.body);
  return body.empty() ? text : fmt::format("{}: {}", text, body);
}

std::optional<json::value> parse(const std::string& text) {
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  boost::system::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return value;
}

const json::value* member(const json::value& value, json::string_view name) {
  return value.is_object() ? value.get_object().if_contains(name) : nullptr;
}

std::optional<uint64_t> number(const json::value& value, json::string_view name) {
  const json::value* found = member(value, name);
  if (!found) return std::nullopt;
  if (found->is_uint64()) return found->get_uint64();
  if (found->is_int64() && found->get_int64() >= 0)
    return static_cast<uint64_t>(found->get_int64());
  return std::nullopt;
}

std::string text(const json::value& value, json::string_view name) {
  const json::value* found = member(value, name);
  if (!found || !found->is_string()) return {};
  return excerpt({found->get_string().data(), found->get_string().size()});
}

/// What any server may say, whatever the template.
HttpVerdict by_status(size_t count, const HttpAnswer& answer, Timestamp now) {
  std::string said = describe(answer);
  Delivery retry{.error = said, .pause = retry_after(answer.retry_after, now)};
  switch (answer.status) {
    case 401:
    case 403:
    case 407:
      retry.error += "; tried again until credentials or rights are mended";
      return all(count, retry);
    case 404:
    case 405:
      retry.error += "; tried again until the URL is mended";
      return all(count, retry);
    case 408:
    case 421:
    case 425:
    case 429:
      return all(count, retry);
    case 413:
      return count > 1 ? halves(count, true) : refused(1, said);
    default:
      break;
  }
  if (answer.status >= 400 && answer.status < 500) return refused(count, said);
  if (answer.status >= 300 && answer.status < 400)
    retry.error += fmt::format("; redirects are not followed{}{}",
                               answer.location.empty() ? "" : ", this one leads to ",
                               excerpt(answer.location));
  return all(count, retry);
}

bool is_success(const HttpAnswer& answer) { return answer.status >= 200 && answer.status < 300; }

const Delivery kDelivered{.outcome = Outcome::delivered};

/// Codes of the HTTP Event Collector that speak of an event and not of the token, the index or the
/// server: no data, invalid format, event absent, event blank, indexed fields.
constexpr std::array<uint64_t, 5> kSplunkEventCodes = {5, 6, 12, 13, 15};

HttpVerdict splunk(size_t count, const HttpAnswer& answer, Timestamp now) {
  auto said = parse(answer.body);
  auto code = said ? number(*said, "code") : std::nullopt;
  if (is_success(answer)) {
    if (code == 0) return all(count, kDelivered);
    return all(count, {.error = describe(answer) + "; that is no answer of an Event Collector"});
  }
  if (answer.status != 400 || !code) return by_status(count, answer, now);
  if (!is_among(kSplunkEventCodes, *code))
    return all(count, {.error = describe(answer) + "; tried again until the settings are mended"});
  // Whether the number counts from 0 or from 1 and what became of the events before it is not said
  // alike everywhere, so the one that is named is sent alone: only its own answer condemns it.
  auto named = number(*said, "invalid-event-number");
  if (count == 1 || !named || *named >= count) return refused(count, describe(answer));
  HttpVerdict verdict{.pieces = {*named, 1, count - *named - 1}};
  std::erase(verdict.pieces, 0);
  return verdict;
}

Delivery elastic_item(const json::value& item) {
  // {"create": {"status": 201}}
  const json::value* result = item.is_object() && item.get_object().size() == 1
                                  ? &item.get_object().begin()->value()
                                  : nullptr;
  auto status = result ? number(*result, "status") : std::nullopt;
  if (!status) return {.error = "an item of the bulk answer has no status"};
  // 409: a document of this id is there already, from an attempt whose answer was lost.
  if ((*status >= 200 && *status < 300) || *status == 409) return kDelivered;
  std::string error = fmt::format("item answered {}", *status);
  if (const json::value* why = member(*result, "error"))
    error += fmt::format(": {}: {}", text(*why, "type"), text(*why, "reason"));
  bool is_poisoned = *status >= 400 && *status < 500 && *status != 401 && *status != 403 &&
                     *status != 404 && *status != 408 && *status != 429;
  return {.outcome = is_poisoned ? Outcome::poisoned : Outcome::retry, .error = error};
}

HttpVerdict elastic(size_t count, const HttpAnswer& answer, Timestamp now) {
  if (!is_success(answer)) return by_status(count, answer, now);
  auto said = parse(answer.body);
  const json::value* errors = said ? member(*said, "errors") : nullptr;
  if (!errors || !errors->is_bool())
    return all(count, {.error = describe(answer) + "; that is no answer of _bulk"});
  const json::value* items = member(*said, "items");
  if (!items && !errors->get_bool()) return all(count, kDelivered);
  size_t items_count = items && items->is_array() ? items->get_array().size() : 0;
  if (items_count != count)
    return all(count,
               {.error = fmt::format("a bulk answer on {} items to {}", items_count, count)});
  HttpVerdict verdict;
  for (const json::value& item : items->get_array()) {
    verdict.deliveries.push_back(elastic_item(item));
    if (verdict.deliveries.back().outcome == Outcome::retry)
      verdict.deliveries.back().pause = retry_after(answer.retry_after, now);
  }
  return verdict;
}

/// ClickHouse's error codes of a row that cannot be read, which older servers answer with 500.
constexpr std::array<uint64_t, 16> kClickhouseRowCodes = {6,  25, 26, 27, 33,  34,  38,  41,
                                                          53, 69, 70, 72, 117, 130, 131, 349};
/// And those of a column, table, format, setting or right that somebody has to mend, or of a server
/// that has too much to do, whatever the status.
constexpr std::array<uint64_t, 16> kClickhouseMendableCodes = {
    16, 47, 60, 62, 73, 81, 115, 164, 202, 241, 242, 252, 291, 497, 516, 519};

/// "Code: 27, e.displayText() = ..." or "Code: 27. DB::Exception: ..."; 0 where it is none.
uint64_t clickhouse_code(std::string_view body) {
  constexpr std::string_view kBegin = "Code: ";
  if (!body.starts_with(kBegin)) return 0;
  uint64_t code = 0;
  std::from_chars(body.data() + kBegin.size(), body.data() + body.size(), code);
  return code;
}

HttpVerdict clickhouse(size_t count, const HttpAnswer& answer, Timestamp now) {
  uint64_t code = clickhouse_code(answer.body);
  // An exception may come after the status has gone out.
  if (is_success(answer) && code == 0) return all(count, kDelivered);
  if (is_among(kClickhouseRowCodes, code)) return refused(count, describe(answer));
  if (is_success(answer) || is_among(kClickhouseMendableCodes, code))
    return all(count, {.error = describe(answer) + "; tried again until that is mended",
                       .pause = retry_after(answer.retry_after, now)});
  return by_status(count, answer, now);
}

}  // namespace

HttpVerdict read_answer(const HttpSettings& settings, size_t count, const HttpAnswer& answer,
                        Timestamp now) {
  switch (settings.body) {
    case HttpTemplate::splunk:
      return splunk(count, answer, now);
    case HttpTemplate::elastic:
      return elastic(count, answer, now);
    case HttpTemplate::clickhouse:
      return clickhouse(count, answer, now);
    default:
      break;
  }
  return is_success(answer) ? all(count, kDelivered) : by_status(count, answer, now);
}

std::chrono::milliseconds retry_after(std::string_view text, Timestamp now) {
  uint64_t seconds = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (!text.empty() && end == text.data() + text.size()) {
    if (error == std::errc::result_out_of_range) return kPauseMax;
    return std::chrono::seconds(std::min<uint64_t>(seconds, 3600));
  }
  std::tm date{};
  std::string date_text(text);
  const char* rest = strptime(date_text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (!rest || *rest != '\0') return 0ms;
  auto then = std::chrono::system_clock::from_time_t(timegm(&date));
  auto pause = std::chrono::ceil<std::chrono::seconds>(then - now);
  return std::clamp<std::chrono::milliseconds>(pause, 0ms, kPauseMax);
}

}  // namespace tapwarden
