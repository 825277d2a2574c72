// SPDX-License-Identifier: Apache-2.0
#include "dissect/html_references.hpp"

#include <chrono>
#include <string>

#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

std::string references(std::string_view page) {
  std::string text;
  Emit emit(
      [](void* target, const Observation& observation) {
        CHECK(observation.field == Field::page_references);
        *static_cast<std::string*>(target) += observation.text.view();
      },
      &text);
  emit.begin(ip_packet(80, 50000), Protocol::http);
  html_references(page, emit);
  return text;
}

}  // namespace

TEST_CASE("The places that an HTML page refers to", "[dissect]") {
  CHECK(references("<script src=\"/js/a.js?v=1\"></script><LINK HREF='css/b.css#x'>") ==
        "/js/a.js css/b.css");
  CHECK(references("<meta http-equiv=refresh content=\"0; url=/por/login.csp\">") ==
        "/por/login.csp");
  CHECK(references("<script>top.location.href = 'main.html'; window.location=\"/x/\";</script>") ==
        "main.html /x/");
  CHECK(references("<form method=post action=login.cgi>") == "login.cgi");
}

TEST_CASE("What is elsewhere or no place is not told", "[dissect]") {
  for (std::string_view page :
       {"", "=", "src=", "src=\"", "<img src=\"http://a.example/b.png\">", "<a href=//a.example/b>",
        "<a href=\"javascript:f()\">", "<a href=\"#top\">", "<img src=data:image/png;base64,xx/yy>",
        "<p class=\"a/b\">", "if (src == \"a/b\")", "<a data-mysrc=a/b xsrc=a/b>"}) {
    INFO(page);
    CHECK(references(page) == "");
  }
  CHECK(references("src=" + std::string(129, '/')) == "");
}

TEST_CASE("A page full of references is told as far as a text goes, and takes no time",
          "[dissect]") {
  std::string page;
  for (int i = 0; i < 100; ++i)
    page += "<img src=\"0123456/" + std::string(i < 10 ? "0" : "") + std::to_string(i) + "\">";
  std::string told = references(page);
  CHECK(told.size() == 46 * 11 - 1);
  CHECK(told.starts_with("0123456/00 0123456/01 "));
  CHECK(told.ends_with(" 0123456/45"));
  std::string hostile;
  while (hostile.size() < 16384) hostile += "src=";
  auto begin = std::chrono::steady_clock::now();
  CHECK(references(hostile) == "");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
}
