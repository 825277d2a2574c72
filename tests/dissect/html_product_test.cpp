// SPDX-License-Identifier: Apache-2.0
#include "dissect/html_product.hpp"

#include <string>

#include "support/catch.hpp"

using namespace tapwarden;

TEST_CASE("The product that a page's script names") {
  CHECK(html_product("<script>\r\nvar ProductName = 'HG658';\r\n") == "HG658");
  CHECK(html_product("var ProductName=\"EG8145V5_2-x\";") == "EG8145V5_2-x");
  CHECK(html_product("var ProductName\t=  'A'") == "A");
  CHECK(html_product("var ProductName = ''; var ProductName = 'HG532e';") == "HG532e");
  CHECK(html_product("var ProductName = '" + std::string(32, 'a') + "'").size() == 32);
}

TEST_CASE("What is no product's name in a page") {
  for (const char* page :
       {"", "var ProductName", "var ProductName =", "var ProductName = '", "var ProductName = 'HG6",
        "var ProductName = HG658;", "var ProductName = 'HG658\"", "var ProductName == 'HG658'",
        "var ProductNames = 'HG658'", "var productName = 'HG658'", "ProductName = 'HG658'",
        "var ProductName = 'for Huawei HG658'", "var ProductName = '<b>'",
        "var ProductName = document.title"}) {
    INFO(page);
    CHECK(html_product(page) == "");
  }
  CHECK(html_product("var ProductName = '" + std::string(33, 'a') + "'") == "");
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "var ProductName = ";
  CHECK(html_product(many) == "");
}
