// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/http_body.hpp"

#include <stdexcept>

#include "deliver/sinks/http_credentials.hpp"

using namespace tapwarden;

namespace {

Message message(std::string id, std::string text) {
  Message made;
  made.id = std::move(id);
  made.key = "k\"\n";
  made.text = std::move(text);
  made.time = Timestamp(std::chrono::microseconds(1'764'000'000'000'007));
  return made;
}

HttpSettings with(HttpTemplate body) {
  HttpSettings settings;
  settings.body = body;
  settings.url = "http://a";
  return settings;
}

std::string body(const HttpSettings& settings) {
  std::vector<Message> batch = {message("1\"", R"({"a":1})"), message("", R"({"a":2})")};
  return http_body(settings, batch);
}

}  // namespace

TEST_CASE("Each template puts the texts together as its reader takes them", "[deliver][sinks]") {
  CHECK(body(with(HttpTemplate::array)) == R"([{"a":1},{"a":2}])");
  CHECK(body(with(HttpTemplate::lines)) == "{\"a\":1}\n{\"a\":2}\n");
  CHECK(body(with(HttpTemplate::splunk)) ==
        "{\"time\":1764000000.000007,\"source\":\"tapwarden\",\"sourcetype\":\"tapwarden\","
        "\"event\":{\"a\":1}}\n"
        "{\"time\":1764000000.000007,\"source\":\"tapwarden\",\"sourcetype\":\"tapwarden\","
        "\"event\":{\"a\":2}}\n");
  CHECK(body(with(HttpTemplate::elastic)) ==
        "{\"create\":{\"_index\":\"tapwarden\",\"_id\":\"1\\\"\"}}\n{\"a\":1}\n"
        "{\"create\":{\"_index\":\"tapwarden\"}}\n{\"a\":2}\n");
  HttpSettings column = with(HttpTemplate::clickhouse);
  column.clickhouse.column = "x\"y";
  std::vector<Message> batch = {message("1", "CEF:0|\"")};
  CHECK(http_body(column, batch) ==
        "{\"id\":\"1\",\"key\":\"k\\\"\\n\",\"kind\":\"alert\",\"severity\":\"low\",\"time\":"
        "\"2025-11-24T16:00:00.000007Z\","
        "\"x\\\"y\":\"CEF:0|\\\"\"}\n");
}

TEST_CASE("A message without its time is given none", "[deliver][sinks]") {
  Message timeless = message("1", "{}");
  timeless.time = {};
  CHECK(http_body(with(HttpTemplate::splunk), {&timeless, 1}) ==
        "{\"event\":{},\"source\":\"tapwarden\",\"sourcetype\":\"tapwarden\"}\n");
}

TEST_CASE("Templates have paths and queries of their own", "[deliver][sinks]") {
  auto target = [](const HttpSettings& settings, std::string_view url) {
    return http_target(settings, parse_url(url));
  };
  CHECK(target(with(HttpTemplate::array), "http://a/x?y") == "/x?y");
  CHECK(target(with(HttpTemplate::splunk), "http://a") == "/services/collector/event");
  CHECK(target(with(HttpTemplate::splunk), "http://a/?channel=1") ==
        "/services/collector/event?channel=1");
  CHECK(target(with(HttpTemplate::splunk), "http://a/hec") == "/hec");
  std::string filter = "filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason";
  CHECK(target(with(HttpTemplate::elastic), "http://a/") == "/_bulk?" + filter);
  CHECK(target(with(HttpTemplate::elastic), "http://a/es/_bulk?pipeline=p") ==
        "/es/_bulk?pipeline=p&" + filter);
  HttpSettings clickhouse = with(HttpTemplate::clickhouse);
  clickhouse.clickhouse = {
      .database = "d", .table = "t`; DROP\\", .column = "", .settings = {{"a&b", "c d"}}};
  CHECK(target(clickhouse, "http://a/?user=u") ==
        "/?user=u&query=INSERT%20INTO%20%60d%60.%60t%5C%60%3B%20DROP%5C%5C%60%20FORMAT%"
        "20JSONEachRow&a%26b=c%20d");
}

TEST_CASE("What would not arrive as one message is not sent", "[deliver][sinks]") {
  CHECK(http_unfit(with(HttpTemplate::elastic), message("1", "{}")).empty());
  CHECK(http_unfit(with(HttpTemplate::array), message("1", "CEF:0|")).empty());
  for (auto kind : {HttpTemplate::elastic, HttpTemplate::clickhouse})
    CHECK_FALSE(http_unfit(with(kind), message("1", "CEF:0|")).empty());
  for (const char* text : {"{\n}", "{}\r", "\n"})
    CHECK_FALSE(http_unfit(with(HttpTemplate::lines), message("1", text)).empty());
}

TEST_CASE("Base64 of every length", "[deliver][sinks]") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}

TEST_CASE("Settings of an http output that cannot be are named", "[deliver][sinks]") {
  auto refusal = [](auto&& change) -> std::string {
    HttpSettings settings = with(HttpTemplate::array);
    change(settings);
    try {
      check(settings, parse_url(settings.url));
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "taken";
  };
  CHECK(refusal([](HttpSettings&) {}) == "taken");
  CHECK(refusal([](HttpSettings& s) { s.batch = 10'001; }) == "batch: out of range");
  CHECK(refusal([](HttpSettings& s) { s.answer_max = 0; }) == "answer_max: out of range");
  CHECK(refusal([](HttpSettings& s) { s.write_timeout = {}; }) == "timeout: out of range");
  CHECK(refusal([](HttpSettings& s) {
          s.headers = {{"Host", "x"}};
        }) == "headers: Host is ours to set");
  CHECK(refusal([](HttpSettings& s) {
          s.headers = {{"a b", "x"}};
        }) == "headers: a name holds what cannot stand there");
  CHECK(refusal([](HttpSettings& s) { s.authentication.user = "a:b"; }) ==
        "user: a colon or a control character in it");
  CHECK(refusal([](HttpSettings& s) {
          s.authentication.token = {"x", "/y"};
        }) == "token: beside token_file");
  CHECK(refusal([](HttpSettings& s) {
          s.body = HttpTemplate::elastic;
          s.elastic.index.clear();
        }) == "index: none, neither here nor in the URL");
}
