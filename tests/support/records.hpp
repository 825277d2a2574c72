// SPDX-License-Identifier: Apache-2.0
// Records by number, as the tests of tests/deliver bring them somewhere.
#pragma once

#include <string>

#include "deliver/record.hpp"

namespace tapwarden::test {

/// Number 7 has the id "i7". Its line is a record as the agent writes one, padded by so much.
inline Record numbered(unsigned number, RecordKind kind = RecordKind::alert, std::string key = "",
                       size_t padding = 0) {
  using namespace std::chrono_literals;
  Record record;
  record.kind = kind;
  record.time = Timestamp(std::chrono::sys_days(2026y / 1 / 1)) + std::chrono::seconds(number);
  record.id = "i" + std::to_string(number);
  record.key = std::move(key);
  record.policy = "ban";
  record.severity = Severity::high;
  record.line = "{\"kind\":\"" + std::string(to_string(kind)) + "\",\"id\":\"" + record.id +
                "\",\"time\":\"" + to_rfc3339(record.time) + "\",\"note\":\"" +
                std::string(padding, 'x') + "\"}";
  return record;
}

}  // namespace tapwarden::test
