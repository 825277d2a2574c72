// SPDX-License-Identifier: Apache-2.0
#include "dissect/xml_scan.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace tapwarden;

namespace {

struct Scanned {
  std::vector<std::string> leaves;  // parent/name=text
  std::string root;
  bool ok = false;

  bool operator==(const Scanned&) const = default;
};

Scanned scan(std::string_view document) {
  std::string block(document);
  XmlScan xml(block);
  Scanned scanned;
  while (xml.next()) {
    scanned.leaves.push_back(std::string(xml.parent()) + "/" + std::string(xml.name()) + "=" +
                             std::string(xml.text()));
  }
  CHECK_FALSE(xml.next());
  scanned.root = xml.root();
  scanned.ok = xml.ok();
  return scanned;
}

using Texts = std::vector<std::string>;

/// The text of the only element of <a>...</a>.
std::string text_of(std::string_view inner) {
  Scanned scanned = scan("<a>" + std::string(inner) + "</a>");
  CHECK(scanned.ok);
  REQUIRE(scanned.leaves.size() == 1);
  return scanned.leaves[0].substr(3);
}

std::string repeat(std::string_view text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("XML elements with text, in order, with their parents") {
  Scanned scanned = scan(
      "\xef\xbb\xbf<?xml version=\"1.0\"?>\r\n<!-- > <b> -->\n<s:Envelope xmlns:s='a>b' "
      "x=\"/\"><s:Body>"
      "<d:Name\n>one</d:Name ><Empty/><Empty x='1' /><In><Name>two</Name></In></s:Body>"
      "</s:Envelope>");
  CHECK(scanned.ok);
  CHECK(scanned.root == "Envelope");
  CHECK(scanned.leaves == Texts{"Body/Name=one", "Body/Empty=", "Body/Empty=", "In/Name=two"});
}

TEST_CASE("XML depth counts from the root") {
  XmlScan xml("<a><b><c>1</c></b><d>2</d></a>");
  REQUIRE(xml.next());
  CHECK(xml.depth() == 3);
  REQUIRE(xml.next());
  CHECK(xml.depth() == 2);
  CHECK(xml.parent() == "a");
  CHECK_FALSE(xml.next());
  CHECK(xml.ok());
}

TEST_CASE("An XML root alone is an element as well") {
  CHECK(scan("<a/>") == Scanned{{"/a="}, "a", true});
  CHECK(scan("<a>x</a>") == Scanned{{"/a=x"}, "a", true});
}

TEST_CASE("XML is not read behind its root") {
  CHECK(scan(std::string_view("<a>x</a>\0\0<", 11)) == Scanned{{"/a=x"}, "a", true});
  CHECK(scan("<a>x</a><b>y</b>") == Scanned{{"/a=x"}, "a", true});
}

TEST_CASE("XML text beside child elements is not a leaf's") {
  CHECK(scan("<a>x<b>y</b>z<c/>w</a>").leaves == Texts{"a/b=y", "a/c="});
}

TEST_CASE("XML entities, character references, CDATA and comments inside text") {
  CHECK(text_of("&lt;&gt;&amp;&quot;&apos;") == "<>&\"'");
  CHECK(text_of("&#65;&#x42;&#xe9;&#8364;&#x1F600;") == "AB\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(text_of("a<!-- <b> -- > -->b") == "ab");
  CHECK(text_of("a<![CDATA[<b>&amp;]]]>c") == "a<b>&amp;]c");
  CHECK(text_of("a<?php > ?>b") == "ab");
  CHECK(text_of("&amp;lt;") == "&lt;");
}

TEST_CASE("XML entities that are none stay as they are") {
  CHECK(text_of("A & B &unknown; &; &") == "A & B &unknown; &; &");
  CHECK(text_of("&#;&#x;&#12a;&#-1;&#99999999999;") == "&#;&#x;&#12a;&#-1;&#99999999999;");
  CHECK(text_of("&#xd800;&#1114112;") == "\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(text_of("&#0;") == std::string(1, '\0'));
}

TEST_CASE("XML that is malformed stops, and what was read stays") {
  CHECK(scan("<a><b>1</b><c>2</a>") == Scanned{{"a/b=1"}, "a", false});
  CHECK(scan("<a><b>1</b>") == Scanned{{"a/b=1"}, "a", false});
  CHECK(scan("<a><b>1</x></a>") == Scanned{{}, "a", false});
  CHECK(scan("<a><b>1</n:b></a>") == Scanned{{}, "a", false});
  for (std::string_view document :
       {"", " ", "x<a/>", "<", "<>", "< a>", "<a", "</a>", "<a b=\"", "<a b='>", "<a><", "<a></",
        "<a><!-- ", "<a><![CDATA[x]]", "<![CDATA[x]]><a/>", "<?xml", "<a><b", "<a>&", "<n:/>"}) {
    INFO(document);
    Scanned scanned = scan(document);
    CHECK_FALSE(scanned.ok);
    CHECK(scanned.leaves.empty());
  }
}

TEST_CASE("XML document types are refused, so no entity can grow") {
  Scanned scanned = scan(
      "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><a><b>&lol2;</b></a>");
  CHECK(scanned == Scanned{{}, "", false});
}

TEST_CASE("XML depth is bounded") {
  CHECK(scan(repeat("<a>", 16) + repeat("</a>", 16)).ok);
  CHECK_FALSE(scan(repeat("<a>", 17) + repeat("</a>", 17)).ok);
  CHECK_FALSE(scan(repeat("<a>", 400'000)).ok);
}

TEST_CASE("XML text is cut at its bound and the scan goes on") {
  Scanned scanned =
      scan("<a><b>" + repeat("0123456789", 100'000) + repeat("&amp;", 1000) + "</b><c>1</c></a>");
  CHECK(scanned.ok);
  REQUIRE(scanned.leaves.size() == 2);
  CHECK(scanned.leaves[0].size() == XmlScan::text_max + 4);
  CHECK(scanned.leaves[1] == "a/c=1");
}

TEST_CASE("XML in a megabyte of hostile repetition takes linear time") {
  for (std::string_view piece : {"&", "<!---->", "<b/>", "<b x=''/>", "<![CDATA[]]>", "</", "\""}) {
    Scanned scanned = scan("<a>" + repeat(piece, 1'000'000 / piece.size()));
    CHECK_FALSE(scanned.ok);
  }
}

TEST_CASE("XML ancestors of an element, by depth") {
  XmlScan xml("<x:a><y:b><c>1</c></y:b><d/></x:a>");
  REQUIRE(xml.next());
  CHECK(xml.depth() == 3);
  CHECK(xml.ancestor(1) == "a");
  CHECK(xml.ancestor(2) == "b");
  CHECK(xml.ancestor(3).empty());
  CHECK(xml.ancestor(0).empty());
  REQUIRE(xml.next());
  CHECK(xml.ancestor(1) == "a");
  CHECK(xml.ancestor(2).empty());
}
