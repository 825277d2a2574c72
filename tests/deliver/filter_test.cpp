// SPDX-License-Identifier: Apache-2.0
#include "deliver/filter.hpp"

using namespace tapwarden;

namespace {

Record alert(Severity severity, std::string policy) {
  Record record;
  record.kind = RecordKind::alert;
  record.severity = severity;
  record.policy = std::move(policy);
  return record;
}

}  // namespace

TEST_CASE("A filter takes alerts, digests and health unless told otherwise", "[deliver]") {
  Filter filter;
  size_t taken = 0;
  for (size_t i = 0; i < record_kinds_count; ++i) {
    Record record;
    record.kind = RecordKind(i);
    taken += takes(filter, record);
  }
  CHECK(taken == 3);
  filter.kinds = {RecordKind::device};
  CHECK(takes(filter, Record{}));
  CHECK_FALSE(takes(filter, alert(Severity::critical, "us-ndaa-889")));
}

TEST_CASE("Severity and policies are asked of alerts only", "[deliver]") {
  Filter filter;
  filter.severity = Severity::high;
  filter.policies = {"us-ndaa-889"};
  CHECK(takes(filter, alert(Severity::high, "us-ndaa-889")));
  CHECK(takes(filter, alert(Severity::critical, "us-ndaa-889")));
  CHECK_FALSE(takes(filter, alert(Severity::medium, "us-ndaa-889")));
  CHECK_FALSE(takes(filter, alert(Severity::high, "uk-huawei-designation")));
  Record health;
  health.kind = RecordKind::health;
  CHECK(takes(filter, health));
}
