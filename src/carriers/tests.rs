//! Each carrier on what it undoes, all of them on anything.

use proptest::prelude::*;

use super::*;

/// The documents that the carrier of these words takes out of the text.
fn opened(words: &str, text: impl AsRef<[u8]>) -> Vec<String> {
    let carrier = CARRIERS.iter().find(|carrier| carrier.words == words).unwrap();
    (carrier.open)(text.as_ref()).into_iter().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

#[track_caller]
fn gives(words: &str, text: impl AsRef<[u8]>, carried: &str) {
    let found = opened(words, &text);
    assert!(
        found.iter().any(|found| found == carried),
        "{words} of {}: {found:?}",
        String::from_utf8_lossy(text.as_ref())
    );
}

#[test]
fn carriers_read_hex_dumps() {
    const DUMP: &str = "read as a hex dump";
    let text = "{\"a\": \"  }\",\n\"b\":1}\n";
    gives(
        DUMP,
        "00000000: 7b22 6122 3a20 2220 207d 222c 0a22 6222  {\"a\": \"  }\",.\"b\"\n00000010: 3a31 7d0a                                :1}.\n",
        text,
    );
    gives(
        DUMP,
        "$ hexdump -C x\n00000000  7b 22 61 22 3a 20 22 20  20 7d 22 2c 0a 22 62 22  |{\"a\": \"  }\",.\"b\"|\n00000010  3a 31 7d 0a  |:1}.|\n00000014\n",
        text,
    );
    gives(DUMP, "0000000 227b 2261 203a 2022 7d20 2c22 220a 2262\n0000010 313a 0a7d\n0000014\n", text);
    gives(
        DUMP,
        "0000000 173 042 141 042 072 040 042 040 040 175 042 054 012 042 142 042\n0000020 072 061 175 012\n0000024\n",
        text,
    );
    gives(
        DUMP,
        "0000000   {   \"   a   \"   :       \"           }   \"   ,  \\n   \"   b   \"\n0000020   :   1   }  \\n\n0000024\n",
        text,
    );
    gives(DUMP, "0000000 7b 22 20 20 20 20 20 20\n*\n0000018 7d\n0000019\n", &format!("{}}}", "{\"      ".repeat(3)));
    assert!(opened(DUMP, "00000000  7b 22\n00000009  7d\n").is_empty());
    assert!(opened(DUMP, "0000000 7b 7b\n*\n0fffff0 7d\n").is_empty(), "a dump of far more than its own length");
}

#[test]
fn carriers_read_lists_of_bytes() {
    for list in [
        "[123 34 97 34 58 32 49 48 125 10]",
        "bytes = [123, 34, 97, 34, 58, 32, 49, 48, 125, 10]",
        "{0x7b, 0x22, 0x61, 0x22, 0x3a, 0x20, 0x31, 0x30, 0x7d, 0xa}",
        "<Buffer 7b 22 61 22 3a 20 31 30 7d 0a>",
        "\\x7b\\x22\\x61\\x22\\x3a\\x20\\x31\\x30\\x7d\\x0a",
        "7b226122\n3a2031307d0a\n",
        "7B:22:61:22:3A:20:31:30:7D:0A",
    ] {
        gives("read as a list of bytes", list, "{\"a\": 10}\n");
    }
}

#[test]
fn carriers_decode_base64_and_gzip() {
    const BASE64: &str = "base64 in the text decoded";
    let text = "{\"a\": \"manifest?>ÿ\"}\n{}{}";
    let packed = "eyJhIjogIm1hbmlmZXN0Pz7DvyJ9Cnt9e30=";
    gives(BASE64, packed, text);
    gives(BASE64, packed.replace('/', "_").replace('+', "-").trim_end_matches('='), text);
    gives(BASE64, format!("{}\n{}\n", &packed[..20], &packed[20..]), text);
    gives(BASE64, format!("see data:application/json;base64,{packed} there"), text);
    gives(BASE64, format!("data:\n  \"{}\" +\n  \"{}\"\nend.", &packed[..20], &packed[20..]), text);
    assert!(opened(BASE64, "no base64 in it, only words").is_empty());
    // `printf '{"a":1}' | gzip -n`
    let gzip =
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\x96\xba\xa2\x18\x07\x00\x00\x00";
    gives("unpacked with gzip", gzip, "{\"a\":1}");
    assert!(opened("unpacked with gzip", &gzip[..14]).is_empty());
}

#[test]
fn carriers_decode_percent_encoding() {
    gives("percent-encoding decoded", "%7B%22a%22:%201%2b1%7d", "{\"a\": 1+1}");
    gives("percent-encoding decoded, with + for spaces", "%7B%22a%22:+1%2B1%7D", "{\"a\": 1+1}");
    gives("percent-encoding decoded", "%7b100%%zé%", "{100%%zé%");
    assert!(opened("percent-encoding decoded", "{}").is_empty());
}

#[test]
fn carriers_unescape_strings_of_programs() {
    const STRING: &str = "a string of a program unescaped";
    gives(STRING, r#"x := "{\n \"a\": \"\u00e9\x41\101\"}" // Go"#, "{\n \"a\": \"éAA\"}");
    gives(STRING, r#"b'{"a": "it\'s \\n \xc3\xa9"}'"#, "{\"a\": \"it's \\n é\"}");
    gives(STRING, "('{\"a\":'\n '1}')", "{\"a\":1}");
    gives(STRING, "const x = '{' +\n  '\"a\": 1' +\n  '}';", "{\"a\": 1}");
    gives(STRING, "\"\"\"{\n\"a\": \"b\"\n}\"\"\"", "{\n\"a\": \"b\"\n}");
    gives(STRING, r#""{\"a\":\"\ud83d\ude00\"}""#, "{\"a\":\"😀\"}");
    gives("a string in single quotes unescaped", r#"$x = '{"a": "it\'s \n"}';"#, "{\"a\": \"it's \\n\"}");
    gives("a string in single quotes unescaped", r#"VALUES ('{"a": "it''s"}')"#, "{\"a\": \"it's\"}");
    gives("quotes of a shell undone", r#"m='{"a": "it'\''s \n"}'"#, "{\"a\": \"it's \\n\"}");
    gives("quotes of a shell undone", r#"echo '{"a": "it'"'"'s"}'"#, "{\"a\": \"it's\"}");
    assert!(opened(STRING, "it's {\"a\": 1} and 'that'").is_empty());
}

#[test]
fn carriers_take_documents_out_of_lines() {
    const LINES: &str = "prefixes of lines removed";
    let document = "{\n  \"a\": [\n    1\n  ]\n}";
    for prefix in ["web-1  | ", "+", "// ", "# ", "I1128 10:11:12.345678  7 x.go:1] ", "2026-01-02T03:04:05Z "] {
        gives(LINES, format!("before\n{prefix}{}\nafter", document.replace('\n', &format!("\n{prefix}"))), document);
    }
    let stamped = "10:00:01 {\n10:00:02   \"a\": 1\n10:00:03 }";
    gives(LINES, stamped, "{\n  \"a\": 1\n}");
    gives("a document in the text taken out", "It said {\"a\":\"}\"} and (b[0]).", "{\"a\":\"}\"}");
    gives("a document in the text taken out", "m={\"a\":{}} level=info\nn=[1,2]", "[1,2]");
}

/// The document that many languages print below.
const JSON: &str = r#"{"schemaVersion":2,"config":{"size":54945622,"digest":"sha256:00"},"layers":[{"a":"it's"},{"b":true}],"x":null}"#;

#[test]
fn carriers_read_values_of_programs() {
    const VALUES: &str = "values of a program written as JSON";
    for text in [
        // Python, its pprint with a string over two lines, and OrderedDict
        r#"{'schemaVersion': 2, 'config': {'size': 54945622, 'digest': 'sha256:00'}, 'layers': [{'a': "it's"}, {'b': True}], 'x': None}"#,
        "{'schemaVersion': 2,\n 'config': {'size': 54945622, 'digest': ('sha256'\n  ':00')},\n 'layers': [{'a': \"it's\"}, {'b': True}], 'x': None}",
        r#"OrderedDict([('schemaVersion', 2), ('config', {'size': 54945622, 'digest': 'sha256:00'}), ('layers', [{'a': "it's"}, {'b': True}]), ('x', None)])"#,
        // Ruby, old and new
        r#"{"schemaVersion"=>2, "config"=>{"size"=>54945622, "digest"=>"sha256:00"}, "layers"=>[{"a"=>"it's"}, {"b"=>true}], "x"=>nil}"#,
        r#"{schemaVersion: 2, config: {:size=>54945622, digest: "sha256:00"}, layers: [{a: "it's"}, {b: true}], x: nil}"#,
        // PHP: var_export, short arrays, var_dump
        "array (\n  'schemaVersion' => 2,\n  'config' => \n  array (\n    'size' => 54945622,\n    'digest' => 'sha256:00',\n  ),\n  'layers' => \n  array (\n    0 => \n    array (\n      'a' => 'it\\'s',\n    ),\n    1 => \n    array (\n      'b' => true,\n    ),\n  ),\n  'x' => NULL,\n)",
        "['schemaVersion' => 2, 'config' => ['size' => 54945622, 'digest' => 'sha256:00'], 'layers' => [['a' => 'it\\'s'], ['b' => true]], 'x' => null]",
        "array(4) {\n  [\"schemaVersion\"]=>\n  int(2)\n  [\"config\"]=>\n  array(2) {\n    [\"size\"]=>\n    int(54945622)\n    [\"digest\"]=>\n    string(9) \"sha256:00\"\n  }\n  [\"layers\"]=>\n  array(2) {\n    [0]=>\n    array(1) {\n      [\"a\"]=>\n      string(4) \"it's\"\n    }\n    [1]=>\n    array(1) {\n      [\"b\"]=>\n      bool(true)\n    }\n  }\n  [\"x\"]=>\n  NULL\n}",
        // JavaScript, JSON5, JSON with comments and trailing commas
        "{\n  schemaVersion: 2,\n  config: { size: 54945622, digest: 'sha256:00' },\n  layers: [ { a: \"it's\" }, { b: true } ],\n  x: null\n}",
        "const m = { // a manifest\n  \"schemaVersion\": 2, /* two */\n  \"config\": {\"size\": 54945622, \"digest\": \"sha256:00\",},\n  \"layers\": [{\"a\": \"it's\"}, {\"b\": true},],\n  \"x\": null,\n}",
        // Go, printed with %v and %#v
        "map[schemaVersion:2 config:map[size:5.4945622e+07 digest:sha256:00] layers:[map[a:it's] map[b:true]] x:<nil>]",
        r#"map[string]interface {}{"schemaVersion":2, "config":map[string]interface {}{"size":54945622, "digest":"sha256:00"}, "layers":[]interface {}{map[string]interface {}{"a":"it's"}, map[string]interface {}{"b":true}}, "x":nil}"#,
        // Rust, Elixir, Perl
        r#"Object {"schemaVersion": Number(2), "config": Object {"size": Number(54945622), "digest": String("sha256:00")}, "layers": Array [Object {"a": String("it's")}, Object {"b": Bool(true)}], "x": Null}"#,
        r#"%{"schemaVersion" => 2, "config" => %{"size" => 54945622, "digest" => "sha256:00"}, "layers" => [%{"a" => "it's"}, %{"b" => true}], "x" => nil}"#,
        "$VAR1 = {\n  'schemaVersion' => 2,\n  'config' => { 'size' => 54945622, 'digest' => 'sha256:00' },\n  'layers' => [ { 'a' => 'it\\'s' }, { 'b' => true } ],\n  'x' => undef\n};",
        // Java's toString
        "{schemaVersion=2, config={size=54945622, digest=sha256:00}, layers=[{a=it's}, {b=true}], x=null}",
    ] {
        gives(VALUES, text, JSON);
    }
}

#[test]
fn carriers_read_yaml() {
    const YAML: &str = "YAML written as JSON";
    gives(
        YAML,
        "---\nschemaVersion: 2\nconfig:\n  size: 54945622\n  digest: \n    sha256:00\nlayers:\n- a: it's\n- b: true\nx: ~\n",
        JSON,
    );
    gives(YAML, "manifest: |\n  {\n     \"a\": 1\n  }\nn: '1'\n", r#"{"manifest":"{\n   \"a\": 1\n}\n","n":"1"}"#);
    assert!(opened(YAML, "a: *a\nb: 1\n").is_empty());
}

#[test]
fn carriers_turn_empty_lists_back_into_objects() {
    gives(
        "empty lists turned into empty objects",
        r#"{"config": {"Volumes": {"/d":[]}, "Env":[], "Labels" : [ ]}}"#,
        r#"{"config": {"Volumes": {"/d":{}}, "Env":[], "Labels" : {}}}"#,
    );
    gives(
        "values of a program written as JSON",
        "array('schemaVersion' => 2, 'Volumes' => array(), 'Env' => array())",
        r#"{"schemaVersion":2,"Volumes":{},"Env":[]}"#,
    );
}

#[test]
fn carriers_read_nested_brackets_once() {
    for open in
        ["(", "{", "[", "%(", "a(", "map[a:", "{x ", "(x ", "[]a{", "{[", "a=(", "{a:{", "map[", "map[a]", "[]a", "{/*"]
    {
        for carrier in CARRIERS {
            let _ = (carrier.open)(open.repeat(5000).as_bytes());
        }
    }
}

#[test]
fn carriers_have_words_of_their_own() {
    for (at, carrier) in CARRIERS.iter().enumerate() {
        assert!(!CARRIERS[..at].iter().any(|other| other.words == carrier.words), "{}", carrier.words);
    }
}

proptest! {
    #[test]
    fn carriers_never_panic(
        bytes: Vec<u8>,
        text in "[{}()\\[\\]\"'`\\\\&#;:=>%x0-9a-f|+ \t\r\né“$@n,.-]{0,60}",
        words in prop::collection::vec(prop::sample::select(vec![
            "map[", "array (", "'a'", "\"b\"", " => ", ": ", "{", "}", "[", "]", "(", ")", "\n", "- ", "\\u00e9", "\\x7", "%7", "00000000",
            "*", "é", "true", "/*", "//", "data:", "7b22", "<nil>", " ",
        ]), 0..30),
    ) {
        for carrier in CARRIERS {
            let _ = (carrier.open)(&bytes);
            let _ = (carrier.open)(text.as_bytes());
            let _ = (carrier.open)(words.concat().as_bytes());
        }
    }
}

#[test]
fn carriers_join_lines_in_json() {
    const LINES: &str = "lines in JSON joined";
    gives(LINES, "{\"log\":\"{\\n\"}\n{\"log\":\" 1\\n\"}\n{\"log\":\"}\\n\"}\n", "{\n 1\n}\n");
    gives(LINES, "{\"text\":[\"{\",\" 1\",\"}\"]}", "{\n 1\n}");
    assert!(opened(LINES, "[\"a\",\"b\",\"c\"]").is_empty());
}

#[test]
fn carriers_put_back_what_was_left_out_as_null() {
    const NULLS: &str = "members that were left out put back as null";
    gives(
        NULLS,
        "{\"config\":{\"Hostname\":\"\",\"Cmd\":[]},\"os\":\"linux\"}",
        "{\"config\":{\"Hostname\":\"\",\"Cmd\":[],\"Env\":null,\"Volumes\":null,\"Entrypoint\":null,\"OnBuild\":null,\"Labels\":null},\"os\":\"linux\"}",
    );
    assert!(opened(NULLS, "{\"config\":{\"Cmd\":[]}}").is_empty());
}

#[test]
fn carriers_read_words_of_four_bytes_and_bits() {
    const DUMP: &str = "read as a hex dump";
    gives(DUMP, "0000000 61227b22 003a2222\n0000007\n", "\"{\"a\"\":");
    gives(DUMP, "00000000: 61227b20       7d                     {\"a}\n", " {\"a}");
    gives(DUMP, "00000000: 01111011 00100010 01100001 00100010 00111010  {\"a\":\n", "{\"a\":");
}

#[test]
fn carriers_read_what_go_ruby_php_and_perl_print() {
    const DATA: &str = "values of a program written as JSON";
    gives(
        DATA,
        "map[config:map[Cmd:[/bin/sh -c #(nop)  CMD [\"sh\"]] Env:[A=b c D=e] Tty:true] history:[map[created_by:/bin/sh -c #(nop)  CMD [\"sh\"] empty_layer:true] map[created_by:ADD a b]] os:linux variant:8]",
        "{\"config\":{\"Cmd\":[\"/bin/sh\",\"-c\",\"#(nop) \",\"CMD [\\\"sh\\\"]\"],\"Env\":[\"A=b c\",\"D=e\"],\"Tty\":true},\"history\":[{\"created_by\":\"/bin/sh -c #(nop)  CMD [\\\"sh\\\"]\",\"empty_layer\":true},{\"created_by\":\"ADD a b\"}],\"os\":\"linux\",\"variant\":\"8\"}",
    );
    gives(DATA, "{:\"a/b\"=>{}, :architecture=>\"386\"}", "{\"a/b\":{},\"architecture\":\"386\"}");
    gives(DATA, "(object) array( 'labels' => (object) array( ), 'size' => 123 )", "{\"labels\":{},\"size\":123}");
    gives(
        DATA,
        "$VAR1 = { 'Tty' => bless( do{\\(my $o = 0)}, 'JSON::PP::Boolean' ), 'User' => 'a' };",
        "{\"Tty\":false,\"User\":\"a\"}",
    );
    gives(DATA, "map[string]interface {}{\"Volumes\":interface {}(nil), \"size\":1}", "{\"Volumes\":null,\"size\":1}");
    gives(
        DATA,
        "array(2) {\n  [\"Volumes\"]=>\n  NULL\n  [\"User\"]=>\n  string(0) \"\"\n}",
        "{\"Volumes\":null,\"User\":\"\"}",
    );
}

#[test]
fn carriers_give_up_soon_on_maps_whose_texts_do_not_end() {
    for one in ["created_by:x ", "Cmd:[/bin/sh -c x "] {
        let text = format!("map[{}", format!("a:map[{one}").repeat(20_000));
        let start = std::time::Instant::now();
        assert!(opened("values of a program written as JSON", &text).is_empty());
        assert!(start.elapsed().as_secs() < 40, "{:?} for {one}", start.elapsed());
    }
}

#[test]
fn carriers_decode_base32_and_zlib() {
    const BASE32: &str = "base32 in the text decoded";
    let packed = "PMRGCIR2EARG2YLONFTGK43UEJ6QU===";
    gives(BASE32, packed, "{\"a\": \"manifest\"}\n");
    gives(BASE32, packed.to_lowercase().trim_end_matches('='), "{\"a\": \"manifest\"}\n");
    gives(BASE32, format!("{}\n{}\n", &packed[..16], &packed[16..]), "{\"a\": \"manifest\"}\n");
    gives(BASE32, format!("it is {packed}, he said"), "{\"a\": \"manifest\"}\n");
    assert!(opened(BASE32, "ABCDEFGHABCDEFGHABCDEFGHABCDEFGHABCDEFGH").is_empty());
    // zlib.compress(b'{"a":1}')
    let zlib = b"\x78\x9c\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\x08\x2a\x02\x09";
    gives("unpacked with zlib", zlib, "{\"a\":1}");
    assert!(opened("unpacked with zlib", &zlib[..9]).is_empty());
    assert!(opened("unpacked with zlib", [&zlib[..12], &[0; 3]].concat()).is_empty(), "the checksum is another");
    let packed = opened("base64 in the text decoded", "eJyrVkpUsjKsBQAIKgIJ");
    assert_eq!(packed, [String::from_utf8_lossy(zlib)]);
}

#[test]
fn carriers_put_cells_of_tables_together() {
    const TABLE: &str = "a cell of a table put together";
    let document = "{\n  \"a\": [\n    1\n  ]\n}";
    gives(
        TABLE,
        " id |   manifest   | n \n----+--------------+---\n  1 | {           +| 1\n    |   \"a\": [    +| \n    |     1       +| \n    |   ]         +| \n    | }            | \n  2 | x            | 2\n(2 rows)\n",
        document,
    );
    gives(
        TABLE,
        " manifest  \n-----------\n {        +\n   \"a\": [+\n     1    +\n   ]      +\n }\n(1 row)\n",
        document,
    );
    gives(
        TABLE,
        "-[ RECORD 1 ]-------\nid       | 1\nmanifest | {        +\n         |   \"a\": [+\n         |     1    +\n         |   ]      +\n         | }\n-[ RECORD 2 ]----\nid       | 2\n",
        document,
    );
    gives(TABLE, "─[ RECORD 1 ]─\nm │ {    ↵\n  │ \"é\":1↵\n  │ }\n", "{\n\"é\":1\n}");
    assert!(opened(TABLE, "a | b\n---+---\nc +| d\ne | f\n").is_empty());
}

#[test]
fn carriers_read_rich_text() {
    const RTF: &str = "rich text read as plain text";
    gives(
        RTF,
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fmodern Courier;}}{\\*\\generator {x} 1;}{\\colortbl;\\red0\\green0\\blue0;}\r\n\\pard\\f0\\fs22 \\{\\par\r\n\\tab {\\b \"a\"}: \"\\'e9 \\u26085? \\\\n\",\\line \"b\":\\~[1]\\\n\\}\\par\r\n}",
        "{\n\t\"a\": \"é 日 \\n\",\n\"b\": [1]\n}",
    );
    assert!(opened(RTF, "{\\rtf1 no document}").is_empty());
    assert!(opened(RTF, "{\\rtf1").is_empty());
    assert!(opened(RTF, "{\\rtf1}}}} {\\'").is_empty());
}

#[test]
fn carriers_put_gron_together() {
    const GRON: &str = "assignments of gron put together";
    gives(
        GRON,
        "$ gron x.json\njson = {};\njson.config = {};\njson.config.digest = \"sha256:00\";\njson.config[\"a.b \\\"]\"] = \"x = y;\";\njson.layers = [];\njson.layers[0] = {};\njson.layers[0].size = 12;\njson.layers[1] = null;\njson.none = [];\n",
        "{\"config\":{\"digest\":\"sha256:00\",\"a.b \\\"]\":\"x = y;\"},\"layers\":[{\"size\":12},null],\"none\":[]}",
    );
    assert!(opened(GRON, "json = {};\njson.a[5] = 1;\njson.b = 2;\n").is_empty());
    assert!(opened(GRON, "json = [];\njson.a = 1;\njson.b = 2;\n").is_empty());
    assert!(opened(GRON, "a = 1\n").is_empty());
}

#[test]
fn carriers_read_what_php_prints() {
    const PHP: &str = "what PHP prints written as JSON";
    gives(
        PHP,
        "before\nArray\n(\n    [schemaVersion] => 2\n    [config] => Array\n        (\n            [Cmd] => Array\n                (\n                    [0] => /bin/sh\n                    [1] => -c, ) x => \"y\"\n                )\n\n            [Labels] => stdClass Object\n                (\n                    [a b] => 1\n                )\n\n            [Tty] => \n            [AttachStdin] => 1\n            [Volumes] => \n        )\n\n    [os] => linux\nand more\n)\nafter\n",
        "{\"schemaVersion\":2,\"config\":{\"Cmd\":[\"/bin/sh\",\"-c, ) x => \\\"y\\\"\"],\"Labels\":{\"a b\":\"1\"},\"Tty\":false,\"AttachStdin\":true,\"Volumes\":null},\"os\":\"linux\\nand more\"}",
    );
    gives(
        PHP,
        "array(4) {\n  [\"a]=>\"]=>\n  string(11) \"say \"x\" \\n}\"\n  [\"é\"]=>\n  string(2) \"é\"\n  [\"l\"]=>\n  array(2) {\n    [0]=>\n    int(-5)\n    [1]=>\n    bool(false)\n  }\n  [\"o\"]=>\n  object(stdClass)#2 (1) {\n    [\"n\"]=>\n    NULL\n  }\n}\n"
            .replace("a]=>", "a"),
        "{\"a\":\"say \\\"x\\\" \\\\n}\",\"é\":\"é\",\"l\":[-5,false],\"o\":{\"n\":null}}",
    );
    assert!(opened(PHP, "array(1) {\n  [\"a\"]=>\n  string(9) \"short\"\n}").is_empty());
    assert!(opened(PHP, "Array\n(\n    [a] => 1\n").is_empty());
    gives(
        "values of a program written as JSON",
        "stdClass::__set_state(array(\n   'schemaVersion' => 2,\n   'labels' => \n  stdClass::__set_state(array(\n  )),\n   'size' => 12,\n))",
        "{\"schemaVersion\":2,\"labels\":{},\"size\":12}",
    );
}
