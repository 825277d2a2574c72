// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/http_answer.hpp"

#include <algorithm>

using namespace tapwarden;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp kNow{std::chrono::seconds(1'791'995'200)};  // Wed, 14 Oct 2026 16:26:40 GMT

HttpSettings with(HttpTemplate body) {
  HttpSettings settings;
  settings.body = body;
  return settings;
}

/// One letter for each message; "/4+4" where the batch is to be sent in pieces.
std::string told(HttpTemplate body, size_t count, unsigned status, std::string text = {}) {
  HttpVerdict verdict =
      read_answer(with(body), count, {.status = status, .body = std::move(text)}, kNow);
  CHECK(verdict.deliveries.empty() != verdict.pieces.empty());
  std::string letters;
  for (const Delivery& delivery : verdict.deliveries) {
    CHECK(delivery.error.empty() == (delivery.outcome == Outcome::delivered));
    letters += "drp"[static_cast<size_t>(delivery.outcome)];
  }
  size_t sum = 0;
  for (size_t piece : verdict.pieces) {
    CHECK(piece > 0);
    sum += piece;
    letters += (letters.empty() ? "/" : "+") + std::to_string(piece);
  }
  if (!verdict.pieces.empty()) CHECK(sum == count);
  return letters;
}

std::chrono::milliseconds pause(std::string_view text) { return retry_after(text, kNow); }

}  // namespace

TEST_CASE("Every status has an outcome", "[deliver][sinks]") {
  for (unsigned status = 100; status < 1000; ++status) {
    INFO(status);
    bool is_retry = status < 200 || (status >= 300 && status < 400) || status >= 500;
    for (unsigned mendable : {401, 403, 404, 405, 407, 408, 421, 425, 429})
      is_retry |= status == mendable;
    bool is_delivered = status >= 200 && status < 300;
    CHECK(told(HttpTemplate::array, 1, status) == (is_delivered ? "d" : is_retry ? "r" : "p"));
    CHECK(told(HttpTemplate::lines, 5, status) == (is_delivered ? "ddddd"
                                                   : is_retry   ? "rrrrr"
                                                                : "/3+2"));
  }
}

TEST_CASE("Retry-After is seconds or a date, an hour at most", "[deliver][sinks]") {
  CHECK(pause("0") == 0s);
  CHECK(pause("120") == 120s);
  CHECK(pause("3601") == 1h);
  CHECK(pause("99999999999999999999999") == 1h);
  CHECK(pause("Wed, 14 Oct 2026 16:27:00 GMT") == 20s);
  CHECK(pause("Wed, 14 Oct 2026 16:00:00 GMT") == 0s);
  CHECK(pause("Wed, 14 Oct 2099 16:00:00 GMT") == 1h);
  for (const char* text :
       {"", "-1", "1.5", "soon", "12 ", "Wed, 14 Oct 2026", "Wed, 14 Oct 2026 16:27:00 GMTx"})
    CHECK(pause(text) == 0s);
}

TEST_CASE("A bulk answer that is cut anywhere delivers nothing", "[deliver][sinks]") {
  std::string whole =
      R"({"took":3,"errors":true,"items":[{"create":{"status":201}},{"create":{"status":409}},)"
      R"({"index":{"status":429,"error":{"type":"t","reason":"r"}}},{"create":{"status":400,"error":"x"}}]})";
  CHECK(told(HttpTemplate::elastic, 4, 200, whole) == "ddrp");
  for (size_t size = 0; size < whole.size(); ++size)
    CHECK(told(HttpTemplate::elastic, 4, 200, whole.substr(0, size)) == "rrrr");
  CHECK(told(HttpTemplate::elastic, 5, 200, whole) == "rrrrr");
  CHECK(told(HttpTemplate::elastic, 2, 200, R"({"errors":false})") == "dd");
  CHECK(told(HttpTemplate::elastic, 2, 200, R"({"errors":0})") == "rr");
  CHECK(told(HttpTemplate::elastic, 1, 200, R"([{"errors":false}])") == "r");
  CHECK(told(HttpTemplate::elastic, 1, 200,
             R"({"errors":true,"items":[{"a":{"status":1e300}}]})") == "r");
  CHECK(told(HttpTemplate::elastic, 1, 200,
             R"({"errors":true,"items":[{"a":{"status":201},"b":1}]})") == "r");
}

TEST_CASE("Splunk's codes of an event name it, the others wait for somebody", "[deliver][sinks]") {
  CHECK(told(HttpTemplate::splunk, 2, 200, R"({"text":"Success","code":0})") == "dd");
  CHECK(told(HttpTemplate::splunk, 2, 200, R"({"text":"Success"})") == "rr");
  CHECK(told(HttpTemplate::splunk, 8, 400, R"({"code":6,"invalid-event-number":3})") == "/3+1+4");
  CHECK(told(HttpTemplate::splunk, 8, 400, R"({"code":12,"invalid-event-number":0})") == "/1+7");
  CHECK(told(HttpTemplate::splunk, 8, 400, R"({"code":13,"invalid-event-number":7})") == "/7+1");
  for (const char* number : {"8", "-1", "18446744073709551615", "1e3", "\"3\"", "null"})
    CHECK(told(HttpTemplate::splunk, 8, 400,
               R"({"code":6,"invalid-event-number":)" + std::string(number) + "}") == "/4+4");
  CHECK(told(HttpTemplate::splunk, 1, 400, R"({"code":6,"invalid-event-number":0})") == "p");
  CHECK(told(HttpTemplate::splunk, 2, 400, R"({"code":7,"invalid-event-number":0})") == "rr");
  CHECK(told(HttpTemplate::splunk, 2, 503, R"({"code":9,"invalid-event-number":1})") == "rr");
  CHECK(told(HttpTemplate::splunk, 1, 403, R"({"code":4})") == "r");
}

TEST_CASE("ClickHouse's codes tell a row from a table", "[deliver][sinks]") {
  auto exception = [](int code) { return "Code: " + std::to_string(code) + ". DB::Exception: x"; };
  CHECK(told(HttpTemplate::clickhouse, 2, 200) == "dd");
  CHECK(told(HttpTemplate::clickhouse, 4, 500, exception(27)) == "/2+2");
  CHECK(told(HttpTemplate::clickhouse, 1, 500, exception(117)) == "p");
  CHECK(told(HttpTemplate::clickhouse, 1, 400, exception(41)) == "p");
  CHECK(told(HttpTemplate::clickhouse, 4, 200, exception(241)) == "rrrr");
  CHECK(told(HttpTemplate::clickhouse, 4, 200, exception(27)) == "/2+2");
  CHECK(told(HttpTemplate::clickhouse, 4, 400, exception(62)) == "rrrr");
  CHECK(told(HttpTemplate::clickhouse, 4, 400, "some row is wrong") == "/2+2");
  CHECK(told(HttpTemplate::clickhouse, 4, 500, exception(999)) == "rrrr");
  CHECK(told(HttpTemplate::clickhouse, 1, 500, "Code: x") == "r");
}
