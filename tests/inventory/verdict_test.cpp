// SPDX-License-Identifier: Apache-2.0
// The rule of README, "How a verdict comes about", in its own numbers.
#include "inventory/verdict.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Evidence said(std::string_view supplier, double certainty, Protocol protocol = Protocol::ssh,
              Aspect aspect = Aspect::platform, std::string_view rule = "a-fingerprint") {
  Evidence evidence;
  evidence.claim.aspect = aspect;
  evidence.claim.value = supplier;
  evidence.claim.supplier = supplier;
  evidence.claim.certainty = certainty;
  evidence.claim.protocol = protocol;
  evidence.claim.rule = rule;
  return evidence;
}

/// The registrant of a MAC; without a supplier where the rules know none by that name.
Evidence mac(std::string_view supplier, std::string_view registrant,
             Protocol protocol = Protocol::ethernet) {
  Evidence evidence = said(supplier, 0.8, protocol, Aspect::platform, "ieee-registry");
  evidence.claim.value = registrant;
  return evidence;
}
Evidence rival(std::string_view name, double certainty, Protocol protocol) {
  Evidence evidence = said("", certainty, protocol);
  evidence.claim.value = name;
  return evidence;
}

std::string weighed(std::vector<Evidence> evidence) {
  Device device;
  device.evidence = std::move(evidence);
  device.verdict = weigh(device);
  std::string first = verdict_text(device);
  // In whatever order it was said.
  for (size_t i = 0; i < device.evidence.size(); ++i) {
    std::ranges::rotate(device.evidence, device.evidence.begin() + 1);
    device.verdict = weigh(device);
    CHECK(verdict_text(device) == first);
  }
  std::ranges::reverse(device.evidence);
  device.verdict = weigh(device);
  CHECK(verdict_text(device) == first);
  return first;
}

constexpr auto ssh = Protocol::ssh;
constexpr auto http = Protocol::http;
constexpr auto lldp = Protocol::lldp;

}  // namespace

TEST_CASE("Verdict: one witness counts with its certainty, from 0.75 and 0.95 on graded higher",
          "[verdict]") {
  CHECK(weighed({}) == "none");
  CHECK(weighed({said("acme", 0.2)}) == "acme possible 0.200");
  CHECK(weighed({said("acme", 0.5)}) == "acme possible 0.500");
  CHECK(weighed({said("acme", 0.7499)}) == "acme possible 0.750");
  CHECK(weighed({said("acme", 0.75)}) == "acme probable 0.750");
  CHECK(weighed({mac("acme", "Acme Ltd")}) == "acme probable 0.800");
  CHECK(weighed({said("acme", 0.9)}) == "acme probable 0.900");
  CHECK(weighed({said("acme", 0.9499)}) == "acme probable 0.950");
  CHECK(weighed({said("acme", 0.95)}) == "acme confirmed 0.950");
  CHECK(weighed({said("acme", 1)}) == "acme confirmed 1.000");
  CHECK(weighed({said("acme", 0)}) == "none");
}

TEST_CASE("Verdict: witnesses are independent", "[verdict]") {
  CHECK(weighed({said("acme", 0.9, ssh), mac("acme", "Acme Ltd")}) == "acme confirmed 0.980");
  CHECK(weighed({said("acme", 0.9, ssh), said("acme", 0.9, http)}) == "acme confirmed 0.990");
  CHECK(weighed({said("acme", 0.2, ssh), said("acme", 0.2, http), said("acme", 0.2, lldp)}) ==
        "acme possible 0.488");
  // These come to the grades' bounds exactly, and must not fall short of them by a rounding.
  CHECK(weighed({said("acme", 0.5, ssh), said("acme", 0.5, http)}) == "acme probable 0.750");
  CHECK(weighed({said("acme", 0.9, ssh), said("acme", 0.5, http)}) == "acme confirmed 0.950");
  CHECK(weighed({mac("acme", "Acme Ltd"), said("acme", 0.5, ssh), said("acme", 0.5, http)}) ==
        "acme confirmed 0.950");
}

TEST_CASE("Verdict: what one protocol says is one witness, with its most certain claim",
          "[verdict]") {
  CHECK(weighed({said("acme", 0.9, ssh), said("acme", 0.5, ssh), said("acme", 0.9, ssh)}) ==
        "acme probable 0.900");
  CHECK(weighed({said("acme", 0.5, ssh), said("acme", 0.2, ssh), said("acme", 0.5, http)}) ==
        "acme probable 0.750");
}

TEST_CASE("Verdict: MAC prefixes are one witness in whatever protocol", "[verdict]") {
  CHECK(weighed({mac("acme", "Acme Ltd"), mac("acme", "Acme Ltd", lldp),
                 mac("acme", "Acme Shenzhen", http)}) == "acme probable 0.800");
  // What the same protocol says beside the address is another witness.
  CHECK(weighed({mac("acme", "Acme Ltd", lldp), said("acme", 0.5, lldp)}) == "acme probable 0.900");
}

TEST_CASE("Verdict: only platform claims count", "[verdict]") {
  for (Aspect aspect : {Aspect::brand, Aspect::component, Aspect::client, Aspect::model,
                        Aspect::software, Aspect::serial, Aspect::role}) {
    CHECK(weighed({said("acme", 1, ssh, aspect)}) == "none");
    CHECK(weighed({said("acme", 1, ssh, aspect), said("bolt", 0.2, http)}) ==
          "bolt possible 0.200");
  }
}

TEST_CASE("Verdict: the strongest maker wins, with its own certainty", "[verdict]") {
  CHECK(weighed({said("acme", 0.9, ssh), mac("bolt", "Bolt Ltd")}) == "acme probable 0.900");
  CHECK(weighed({said("acme", 0.9, ssh), mac("bolt", "Bolt Ltd"), said("bolt", 0.9, http)}) ==
        "bolt confirmed 0.980");
  CHECK(weighed({said("acme", 0.5, ssh), mac("bolt", "Bolt Ltd"), said("acme", 0.5, http)}) ==
        "bolt probable 0.800");
}

TEST_CASE("Verdict: where a maker that the rules do not know wins there is none", "[verdict]") {
  CHECK(weighed({mac("", "Somebody Ltd")}) == "none");
  CHECK(weighed({mac("", "Somebody Ltd"), said("acme", 0.5, ssh)}) == "none");
  CHECK(weighed({mac("", "Somebody Ltd"), said("acme", 0.9, ssh)}) == "acme probable 0.900");
  CHECK(weighed({mac("", "Somebody Ltd"), rival("Somebody Ltd", 0.9, lldp),
                 said("acme", 0.9, ssh)}) == "none");
  // Rivals of different names do not speak for each other.
  CHECK(weighed({mac("", "Somebody Ltd"), rival("Anybody Ltd", 0.8, lldp),
                 said("acme", 0.9, ssh)}) == "acme probable 0.900");
}

TEST_CASE("Verdict: a firm that is called as a supplier's id is not that supplier", "[verdict]") {
  CHECK(weighed({rival("acme", 0.9, lldp)}) == "none");
  CHECK(weighed({rival("acme", 0.9, lldp), said("acme", 0.5, ssh)}) == "none");
  CHECK(weighed({rival("acme", 0.5, lldp), said("acme", 0.9, ssh)}) == "acme probable 0.900");
}
