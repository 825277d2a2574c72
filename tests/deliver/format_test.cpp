// SPDX-License-Identifier: Apache-2.0
#include "deliver/format.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "deliver/formats/fields.hpp"
#include "deliver/formats/formats.hpp"
#include "support/catch.hpp"

using namespace tapwarden;

namespace {

namespace json = boost::json;

constexpr RecordFormat all_formats[] = {RecordFormat::json, RecordFormat::ecs, RecordFormat::ocsf,
                                        RecordFormat::cef, RecordFormat::leef};

Record record(std::string line) {
  Record made;
  made.time = Timestamp(std::chrono::milliseconds(1795462055590));
  made.id = "e1";
  made.line = std::move(line);
  return made;
}

json::object parsed(const Record& one, RecordFormat format) {
  return json::parse(encode(one, format)).as_object();
}

}  // namespace

TEST_CASE("Formats have the names that the configuration knows", "[deliver]") {
  std::string names;
  for (RecordFormat format : all_formats) names += std::string(to_string(format)) + " ";
  CHECK(names == "json ecs ocsf cef leef ");
}

TEST_CASE("What is no record has no encoding", "[deliver]") {
  for (RecordFormat format : all_formats) {
    for (const char* line : {"", "[]", "7", "{}", "{\"kind\":7}", "{\"kind\":\"other\"}",
                             "{\"kind\":\"alert\"", "{\"kind\":\"alert\"} {}"}) {
      CHECK_THROWS_AS(encode(record(line), format), std::invalid_argument);
    }
  }
}

TEST_CASE("A record with nothing but its kind has every encoding", "[deliver]") {
  for (const char* kind : {"device", "alert", "digest", "health", "summary"}) {
    Record bare = record("{\"kind\":\"" + std::string(kind) + "\"}");
    CHECK(encode(bare, RecordFormat::json) == bare.line);
    CHECK(parsed(bare, RecordFormat::ecs).at("@timestamp") == "2026-11-23T19:27:35.590000Z");
    CHECK(parsed(bare, RecordFormat::ocsf).at("time") == 1795462055590);
    CHECK(encode(bare, RecordFormat::cef).starts_with("CEF:0|Tapwarden|Tapwarden|"));
    CHECK(encode(bare, RecordFormat::leef).find("^devTimeFormat=MMM dd yyyy HH:mm:ss.SSS z^") !=
          std::string::npos);
  }
}

TEST_CASE("The line's own id and time go before the record's", "[deliver]") {
  Record one = record("{\"kind\":\"alert\",\"event_id\":\"e2\",\"time\":\"2026-12-24T08:00:00Z\"}");
  CHECK(parsed(one, RecordFormat::ecs).at("event").at("id") == "e2");
  CHECK(parsed(one, RecordFormat::ecs).at("@timestamp") == "2026-12-24T08:00:00.000000Z");
  one.line = "{\"kind\":\"alert\",\"time\":\"yesterday\"}";
  CHECK(parsed(one, RecordFormat::ecs).at("event").at("id") == "e1");
  CHECK(parsed(one, RecordFormat::ecs).at("@timestamp") == "2026-11-23T19:27:35.590000Z");
}

TEST_CASE("A record of more than one line becomes one", "[deliver]") {
  Record one = record("{\"kind\":\n\"health\",\r\n \"message\":\"a\\nb\"}");
  CHECK(encode(one, RecordFormat::json) == "{\"kind\":\"health\",\"message\":\"a\\nb\"}");
  one.line = "{\"kind\":\"health\",\"message\":\"\x7f \u0085 \u2028 \u202e \u2069 \u00e9\"}";
  CHECK(encode(one, RecordFormat::json) ==
        "{\"kind\":\"health\",\"message\":\"\\u007f \\u0085 \\u2028 \\u202e \\u2069 \u00e9\"}");
  one.line = "{\"kind\":\"health\",\"message\":\"\xff\xe2\x82\"}";
  CHECK(encode(one, RecordFormat::json) ==
        "{\"kind\":\"health\",\"message\":\"\uFFFD\uFFFD\uFFFD\"}");
}

TEST_CASE("Only what is an address, a time or a count is read as one", "[deliver]") {
  json::value line = json::parse(
      "{\"kind\":\"device\",\"ips\":[\"192.0.2.1\",\"192.0.2\",\"fe80::1%eth0\",\"2001:db8::1\",7],"
      "\"macs\":[\"00:00:5e:00:53:01\",\"00-00-5e-00-53-01\",\"00:00:5E:00:53:01\"],"
      "\"context\":{\"vlans\":[10,4096,-1,\"7\"]},\"packets\":-1,\"first_seen\":\"now\"}");
  DeviceFields device = read_fields(line.get_object(), record("")).device;
  CHECK(device.ips == std::vector<std::string>{"192.0.2.1", "2001:db8::1"});
  CHECK(device.macs == std::vector<std::string>{"00:00:5e:00:53:01"});
  CHECK(device.vlans == std::vector<int64_t>{10});
  CHECK_FALSE(device.packets);
  CHECK_FALSE(device.first_seen);
  CHECK(best_ip(device) == "192.0.2.1");
}

TEST_CASE("Lists are bounded", "[deliver]") {
  std::string names, ids;
  for (size_t i = 0; i < 2000; ++i) {
    names += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
    ids += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
  }
  json::value device = json::parse("{\"kind\":\"device\",\"names\":[" + names + "]}");
  CHECK(read_fields(device.get_object(), record("")).device.names.size() == field_list_max);
  json::value digest = json::parse("{\"kind\":\"digest\",\"alerts\":[" + ids + "]}");
  CHECK(read_fields(digest.get_object(), record("")).digest.alerts.size() == field_ids_max);
  CHECK(encode(record(json::serialize(digest)), RecordFormat::cef).size() <= 7936);
  CHECK(encode(record(json::serialize(digest)), RecordFormat::leef).size() <= 3840);
}

TEST_CASE("The ids of a digest are whole, and what finds no room is counted", "[deliver]") {
  json::array ids;
  for (size_t i = 0; i < 1200; ++i) ids.emplace_back(fmt::format("{:016x}", 0xa0000 + i));
  auto check = [&](RecordFormat format, const std::string& key, const std::string& omitted,
                   char end, size_t wanted) {
    std::string line = encode(
        record(json::serialize(json::object{
            {"kind", "digest"}, {"held_back", 1200}, {"alerts", ids}, {"alerts_omitted", 5}})),
        format);
    auto value = [&](const std::string& name) {
      size_t begin = line.find(name + '=');
      REQUIRE(begin != std::string::npos);
      begin += name.size() + 1;
      return line.substr(begin, line.find(end, begin) - begin);
    };
    size_t begin = line.find(key + '=') + key.size() + 1;
    std::string told;
    size_t count = 0;
    for (; line.compare(begin, 16, ids[count].as_string().c_str()) == 0; begin += 17) ++count;
    CHECK(count == wanted);
    CHECK((line[begin - 1] == end || line[begin - 1] == ' '));
    CHECK(line.substr(begin, 4) == "msg=");
    CHECK(value(omitted) == std::to_string(5 + 1200 - wanted));
  };
  check(RecordFormat::cef, "cs5", "cn3", ' ', 235);
  check(RecordFormat::leef, "alerts", "alertsOmitted", '^', 120);
  // JSON is told as it is; the others bear what a thousand say.
  json::value ecs =
      json::parse(encode(record(json::serialize(json::object{{"kind", "digest"}, {"alerts", ids}})),
                         RecordFormat::ecs));
  CHECK(ecs.at_pointer("/tapwarden/digest/alerts_omitted") == 200);
  CHECK(ecs.at_pointer("/tapwarden/digest/alerts").as_array().size() == field_ids_max);
}

TEST_CASE("A cut text ends in an ellipsis and in no half character", "[deliver]") {
  CHECK(shortened("abcdef", 6) == "abcdef");
  CHECK(shortened("abcdefg", 6) == "abc\u2026");
  CHECK(shortened("ab\u00e9defg", 6) == "ab\u2026");
  CHECK(shortened("\U0001f4f7\U0001f4f7", 7) == "\U0001f4f7\u2026");
  CHECK(shortened("\U0001f4f7\U0001f4f7", 6) == "\u2026");
  CHECK(shortened("abc", 2) == "");
}

TEST_CASE("Times are read as RFC 3339 has them, and nothing else is", "[deliver]") {
  auto text = [](std::string_view time) {
    std::optional<Timestamp> found = parse_time(time);
    return found ? to_rfc3339(*found) : "none";
  };
  CHECK(text("2026-11-23T19:27:35.590573Z") == "2026-11-23T19:27:35.590573Z");
  CHECK(text("2026-11-23t19:27:35z") == "2026-11-23T19:27:35.000000Z");
  CHECK(text("2026-11-23T19:27:35.5+01:30") == "2026-11-23T17:57:35.500000Z");
  CHECK(text("2024-02-29T23:00:00-02:00") == "2024-03-01T01:00:00.000000Z");
  CHECK(text("2026-11-23T19:27:35.1234567891Z") == "2026-11-23T19:27:35.123456Z");
  for (const char* wrong :
       {"", "2026-11-23", "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T19:27:35",
        "2026-11-23T19:27:35.Z", "2026-11-23T19:27:35+0100", "2026-11-23T19:27:35ZZ",
        "1600-01-01T00:00:00Z", "2300-01-01T00:00:00Z", "2026-1-23T19:27:35Z"}) {
    CHECK(text(wrong) == "none");
  }
}

TEST_CASE("In CEF a backslash escapes, in LEEF nothing does", "[deliver]") {
  Record one = record(
      "{\"kind\":\"alert\",\"event\":\"acknowledged\",\"actor\":\"a|b\",\"reason\":\"x=1 \\\\ "
      "y\\n^z\\u001b\","
      "\"sensor\":{\"name\":\"s\",\"version\":\"1|2\\\\3\\n\"}}");
  std::string cef = encode(one, RecordFormat::cef);
  CHECK(cef.starts_with("CEF:0|Tapwarden|Tapwarden|1\\|2\\\\3 |alert-acknowledged|"));
  CHECK(cef.find(" suser=a|b reason=x\\=1 \\\\ y\\n^z  msg=") != std::string::npos);
  std::string leef = encode(one, RecordFormat::leef);
  CHECK(
      leef.starts_with("LEEF:2.0|Tapwarden|Tapwarden|1_2\\3 |alert-acknowledged|^|devTime=Nov 23 "
                       "2026 19:27:35.590 GMT^"));
  CHECK(leef.find("^usrName=a_b^reason=x=1 \\ y _z ^msg=") != std::string::npos);
}

TEST_CASE("OCSF tells what became of a finding", "[deliver]") {
  struct Case {
    const char *event, *state;
    int activity, status;
    bool is_alert;
  };
  for (const Case& one :
       {Case{"raised", "new", 1, 1, true}, Case{"updated", "new", 2, 1, true},
        Case{"returned", "open", 2, 2, true}, Case{"contradicted", "open", 2, 2, true},
        Case{"acknowledged", "acknowledged", 2, 2, false},
        Case{"authorised", "authorised", 2, 3, false},
        Case{"suppressed", "suppressed", 2, 3, false}, Case{"expired", "open", 2, 2, true},
        Case{"reminded", "new", 2, 1, true}, Case{"resolved", "resolved", 3, 4, false},
        Case{"reopened", "open", 2, 2, true}}) {
    json::object event = parsed(record("{\"kind\":\"alert\",\"event\":\"" + std::string(one.event) +
                                       "\",\"state\":\"" + one.state + "\"}"),
                                RecordFormat::ocsf);
    INFO(one.event);
    CHECK(event.at("activity_id") == one.activity);
    CHECK(event.at("type_uid") == 200400 + one.activity);
    CHECK(event.at("status_id") == one.status);
    CHECK(event.at("is_alert") == one.is_alert);
  }
}
