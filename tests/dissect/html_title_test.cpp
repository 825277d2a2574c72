// SPDX-License-Identifier: Apache-2.0
#include "dissect/html_title.hpp"

#include <string>

#include "support/catch.hpp"

using namespace tapwarden;

namespace {

std::string title(std::string_view page) {
  HtmlTitle title = html_title(page);
  CHECK(title.is_whole);
  return std::string(title.text);
}
void check_open(std::string_view page) {
  INFO(page);
  HtmlTitle title = html_title(page);
  CHECK(title.text.empty());
  CHECK_FALSE(title.is_whole);
}

}  // namespace

TEST_CASE("The title of an HTML page", "[dissect]") {
  CHECK(title("<html><head><title>WEB SERVICE</title>") == "WEB SERVICE");
  CHECK(title("<TITLE lang='en'>\r\n NETSurveillance WEB \n</TITLE>") == "NETSurveillance WEB");
  CHECK(title("<head><titles></titles><title>a &amp; b</title><title>c</title>") == "a &amp; b");
  CHECK(title("<title></title>") == "");
  CHECK(title("<title> </title>") == "");
  CHECK(title("<title </title>") == "");
  CHECK(title("<p>a < b<body><title>no</title>") == "");
}

TEST_CASE("A page whose title is not all there", "[dissect]") {
  for (std::string_view page : {"", "<", "<title", "<title>", "<title>half", "<title>half<",
                                "<html>", "</title", "no tags"}) {
    check_open(page);
  }
  check_open(std::string(16384, '<'));
  check_open("<title>" + std::string(16384, 'x'));
}
