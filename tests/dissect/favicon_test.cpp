// SPDX-License-Identifier: Apache-2.0
#include "dissect/favicon.hpp"

#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

TEST_CASE("An icon's number: whole and broken groups, whole and broken lines") {
  // Made with Python's base64.encodebytes and a MurmurHash3 of its own; octet i is 7 i.
  const std::pair<size_t, int32_t> known[] = {
      {1, -1253000196}, {2, -415920194},   {3, -1439392604},  {56, -56085707},    {57, -1822938491},
      {58, 1114872637}, {114, -871731837}, {200, -678414896}, {1150, -1557198936}};
  for (auto [size, number] : known) {
    Octets icon;
    for (size_t i = 0; i < size; ++i) icon.push_back(static_cast<uint8_t>(i * 7));
    INFO(size << " octets");
    CHECK(favicon_hash(Bytes(icon)) == number);
  }
  CHECK(favicon_hash({}) == 0);
}
