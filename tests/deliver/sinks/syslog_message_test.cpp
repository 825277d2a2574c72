// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/syslog_message.hpp"

#include "core/text.hpp"
#include "support/catch.hpp"

using namespace tapwarden;

namespace {

Message message(std::string text) {
  Message message;
  message.time = Timestamp(std::chrono::seconds(1800000000) + std::chrono::microseconds(123456));
  message.severity = Severity::high;
  message.id = "event-1";
  message.key = "device-1";
  message.text = std::move(text);
  return message;
}

SyslogHeader header() {
  SyslogHeader header;
  header.hostname = "sensor-1";
  header.process = "42";
  return header;
}

constexpr std::string_view kBegin =
    "<131>1 2027-01-15T08:00:00.123456Z sensor-1 tapwarden 42 alert [tapwarden@32473 ";

std::string written(const Message& message, size_t size_max = 65000) {
  return syslog_message(message, header(), size_max);
}

}  // namespace

TEST_CASE("syslog_message: every field has its place", "[deliver]") {
  CHECK(written(message("{}")) == std::string(kBegin) + R"(id="event-1" key="device-1"] {})");
  SyslogHeader other = header();
  other.facility = 23;
  other.has_bom = true;
  other.data_id = "x@1";
  CHECK(syslog_message(message("text"), other, 1000) ==
        "<187>1 2027-01-15T08:00:00.123456Z sensor-1 tapwarden 42 alert "
        "[x@1 id=\"event-1\" key=\"device-1\"] \xEF\xBB\xBFtext");
}

TEST_CASE("syslog_message: severities of alerts, and of what is none", "[deliver]") {
  auto severity = [](RecordKind kind, Severity of) {
    Message one = message("");
    one.kind = kind;
    one.severity = of;
    return syslog_severity(one);
  };
  CHECK(severity(RecordKind::alert, Severity::critical) == 2);
  CHECK(severity(RecordKind::alert, Severity::high) == 3);
  CHECK(severity(RecordKind::alert, Severity::medium) == 4);
  CHECK(severity(RecordKind::alert, Severity::low) == 5);
  CHECK(severity(RecordKind::health, Severity::high) == 3);
  CHECK(severity(RecordKind::digest, Severity::low) == 5);
  CHECK(severity(RecordKind::device, Severity::critical) == 6);
  CHECK(severity(RecordKind::summary, Severity::critical) == 6);
}

TEST_CASE("syslog_message: no field can break out of its place", "[deliver]") {
  Message hostile = message("a] b");
  hostile.id = "a\"b\\c]d\ne\xFF";
  hostile.key = "";
  CHECK(written(hostile) == std::string(kBegin) + "id=\"a\\\"b\\\\c\\]d?e\" key=\"\"] a] b");
  SyslogHeader other = header();
  other.hostname = "two words\n<1>";
  other.process = "";
  CHECK(syslog_message(message(""), other, 1000) ==
        "<131>1 2027-01-15T08:00:00.123456Z two_words_<1> tapwarden - alert "
        "[tapwarden@32473 id=\"event-1\" key=\"device-1\"] ");
  other.hostname = std::string(300, 'h');
  CHECK(syslog_message(message(""), other, 1000).find(' ' + std::string(255, 'h') + ' ') !=
        std::string::npos);
}

TEST_CASE("syslog_message: what is too long is cut between characters and says so", "[deliver]") {
  std::string text = "0123456789";
  for (int i = 0; i < 200; ++i) text += "\xE2\x9C\x93";
  Message large = message(text);
  std::string whole = written(large);
  REQUIRE(whole.ends_with(text));
  CHECK(written(large, whole.size()) == whole);
  std::string begin = std::string(kBegin) + R"(id="event-1" key="device-1" cut="610"] )";
  for (size_t size_max = begin.size(); size_max < whole.size(); ++size_max) {
    std::string cut = written(large, size_max);
    REQUIRE(cut.starts_with(begin));
    REQUIRE(cut.size() <= size_max);
    REQUIRE(utf8_prefix(cut) == cut.size());
    std::string rest = cut.substr(begin.size());
    REQUIRE(text.starts_with(rest));
    if (rest.size() >= 10) REQUIRE(cut.size() + 3 > size_max);
  }
  CHECK(written(large, 20) == kBegin.substr(0, 20));
}
