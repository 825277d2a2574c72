// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/journal.hpp"

#include <set>

#include "support/catch.hpp"

using namespace tapwarden;

TEST_CASE("journal_entry: a field a line; a value with an end of line has its size before it",
          "[deliver]") {
  Message message;
  message.time = Timestamp(std::chrono::seconds(1800000000));
  message.severity = Severity::critical;
  message.id = "event-1";
  message.key = "device-1";
  message.text = "one=1";
  std::string id(journal_message_id(RecordKind::alert));
  std::string rest = "MESSAGE_ID=" + id +
                     "\nPRIORITY=2\nSYSLOG_IDENTIFIER=tapwarden\nTAPWARDEN_KIND=alert\n"
                     "TAPWARDEN_TIME=2027-01-15T08:00:00.000000Z\nTAPWARDEN_EVENT_ID=event-1\n"
                     "TAPWARDEN_DEVICE=device-1\nTAPWARDEN_SEVERITY=critical\n";
  CHECK(journal_entry(message, "tapwarden") == "MESSAGE=one=1\n" + rest);
  message.text = "two\nPRIORITY=0";
  CHECK(journal_entry(message, "tapwarden") ==
        "MESSAGE\n" + std::string("\x0E\0\0\0\0\0\0\0", 8) + "two\nPRIORITY=0\n" + rest);
}

TEST_CASE("journal_entry: what is no alert has no severity of its own", "[deliver]") {
  Message message;
  message.kind = RecordKind::health;
  message.text = "text";
  std::string entry = journal_entry(message, "sensor");
  CHECK(entry.find("TAPWARDEN_SEVERITY") == std::string::npos);
  CHECK(entry.find("TAPWARDEN_DEVICE") == std::string::npos);
  CHECK(entry.find("\nSYSLOG_IDENTIFIER=sensor\nTAPWARDEN_KIND=health\n") != std::string::npos);
}

TEST_CASE("journal_message_id: each kind has one, of 32 hexadecimal digits", "[deliver]") {
  std::set<std::string_view> ids;
  for (size_t i = 0; i < record_kinds_count; ++i) {
    std::string_view id = journal_message_id(static_cast<RecordKind>(i));
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string_view::npos);
    ids.insert(id);
  }
  CHECK(ids.size() == record_kinds_count);
}
