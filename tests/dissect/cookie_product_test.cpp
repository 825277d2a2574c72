// SPDX-License-Identifier: Apache-2.0
#include "dissect/cookie_product.hpp"

#include <string>

#include "support/catch.hpp"

using namespace tapwarden;

TEST_CASE("A cookie's product stands behind the keys") {
  CHECK(cookie_product("SESSIONID=1a2b&3c4d&HUAWEI Eudemon1000E-X5&5e; path=/") ==
        "HUAWEI Eudemon1000E-X5");
  CHECK(cookie_product("SESSIONID=1a2b&3c4d&HUAWEI Eudemon 200") == "HUAWEI Eudemon 200");
  CHECK(cookie_product("SESSIONID=&&Acme X1") == "Acme X1");
}

TEST_CASE("Nothing that may be a key, a name or a password is taken for a product") {
  for (const char* cookie : {"",
                             "SESSIONID=",
                             "SESSIONID=1a2b",
                             "SESSIONID=1a2b&3c4d",
                             "SESSIONID=1a2b&3c4d&",
                             "SESSIONID=HUAWEI Eudemon1000E",
                             "SESSIONID=1&HUAWEI Eudemon1000E",
                             "SESSIONID=1&2&3&HUAWEI Eudemon1000E",
                             "SESSIONID=1&2&5f4dcc3b5aa765d61d8327deb882cf99",
                             "SESSIONID=1&2&John Smith",
                             "SESSIONID=1&2&Eudemon1000E",
                             "SESSIONID=1&2& Eudemon1000E",
                             "SESSIONID=1&2&HUAWEI  Eudemon1000E",
                             "SESSIONID=1&2&HUAWEI Eudemon1000E ",
                             "SESSIONID=1&2&H4CK Eudemon1",
                             "SESSIONID=1&2&user p@ss1",
                             "SESSIONID=1&2&a=b c1",
                             "SESSIONID=1&2;&HUAWEI Eudemon1000E",
                             "sid=1&2&HUAWEI Eudemon1000E",
                             "XSESSIONID=1&2&HUAWEI Eudemon1000E"}) {
    INFO(cookie);
    CHECK(cookie_product(cookie) == "");
  }
  CHECK(cookie_product("SESSIONID=1&2&HUAWEI E" + std::string(48, '1')) == "");
  CHECK(cookie_product("SESSIONID=" + std::string(65536, '&')) == "");
}
