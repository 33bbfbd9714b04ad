//! wasm bytes -> imports and exports, by `wasmparser` of the Bytecode Alliance; only the outermost module or component.

use wasmparser::{
    ComponentExternalKind, Encoding, ExternalKind, KnownCustom, Parser, Payload, ProducersSectionReader, TypeRef,
};

use super::{Opened, Port, cut};
use crate::error::{Error, ErrorKind};
use crate::limits;

/// Reads the imports and exports of a wasm module or component.
///
/// # Errors
/// `unsupported-input` if it is none, `limit-exceeded` if it is larger than is read.
pub fn read(bytes: &[u8]) -> Result<Opened, Error> {
    if bytes.len() > limits::ARTIFACT_WASM_BYTES {
        let why = format!("the file has more than {} bytes", limits::ARTIFACT_WASM_BYTES);
        return Err(Error::new(ErrorKind::LimitExceeded, why));
    }
    let mut file = File::default();
    let broken = |why: wasmparser::BinaryReaderError| {
        Error::new(ErrorKind::UnsupportedInput, format!("the bytes are no WebAssembly that can be read: {why}"))
    };
    for payload in Parser::new(0).parse_all(bytes) {
        file.take(payload.map_err(broken)?).map_err(broken)?;
    }
    Ok(file.opened())
}

#[derive(Default)]
struct File {
    /// The number of modules and components that the payload at hand is in.
    depth: usize,
    form: &'static str,
    imports: Vec<Port>,
    exports: Vec<Port>,
    /// The number of imports and exports that are not listed, since there are too many.
    more: u64,
    modules: u64,
    components: u64,
    producers: Vec<String>,
}

impl File {
    fn take(&mut self, payload: Payload<'_>) -> wasmparser::Result<()> {
        match payload {
            Payload::Version { encoding, .. } => {
                self.depth += 1;
                if self.depth == 1 {
                    self.form = if encoding == Encoding::Component { "component" } else { "module" };
                } else if encoding == Encoding::Component {
                    self.components += 1;
                } else {
                    self.modules += 1;
                }
            }
            Payload::End(_) => self.depth = self.depth.saturating_sub(1),
            _ if self.depth != 1 => {}
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    let port = port(Some(import.module), import.name, of_type(import.ty));
                    self.more += put(&mut self.imports, port);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.more += put(&mut self.exports, port(None, export.name, of_kind(export.kind)));
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    let import = import?;
                    self.more += put(&mut self.imports, port(None, import.name.0, of_component(import.ty.kind())));
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.more += put(&mut self.exports, port(None, export.name.0, of_component(export.kind)));
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Producers(section) = section.as_known() {
                    self.producers(section);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The producers of the module; broken parts of that section are left out.
    fn producers(&mut self, section: ProducersSectionReader<'_>) {
        for field in section.into_iter().flatten().take(8) {
            for value in field.values.into_iter().flatten().take(16) {
                self.producers.push(cut(format!("{} {}", value.name, value.version).trim()));
            }
        }
        self.producers.truncate(32);
    }

    fn opened(self) -> Opened {
        let mut opened = Opened::default();
        opened.put("form", self.form);
        opened.put("imports", (self.imports.len()).to_string());
        opened.put("exports", (self.exports.len()).to_string());
        for (name, count) in [("modules", self.modules), ("components", self.components), ("notListed", self.more)] {
            if count > 0 {
                opened.put(name, count.to_string());
            }
        }
        opened.put("producers", self.producers.join(", "));
        (opened.imports, opened.exports) = (Some(self.imports), Some(self.exports));
        opened
    }
}

/// 1 if there is no room for it.
fn put(ports: &mut Vec<Port>, port: Port) -> u64 {
    if ports.len() < limits::ARTIFACT_ROWS {
        ports.push(port);
        return 0;
    }
    1
}

fn port(module: Option<&str>, name: &str, kind: &str) -> Port {
    Port { module: module.map(cut), name: cut(name), kind: kind.to_owned() }
}

fn of_type(kind: TypeRef) -> &'static str {
    match kind {
        TypeRef::Func(_) | TypeRef::FuncExact(_) => "func",
        TypeRef::Table(_) => "table",
        TypeRef::Memory(_) => "memory",
        TypeRef::Global(_) => "global",
        TypeRef::Tag(_) => "tag",
    }
}

fn of_kind(kind: ExternalKind) -> &'static str {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => "func",
        ExternalKind::Table => "table",
        ExternalKind::Memory => "memory",
        ExternalKind::Global => "global",
        ExternalKind::Tag => "tag",
    }
}

fn of_component(kind: ComponentExternalKind) -> &'static str {
    match kind {
        ComponentExternalKind::Module => "module",
        ComponentExternalKind::Func => "func",
        ComponentExternalKind::Value => "value",
        ComponentExternalKind::Type => "type",
        ComponentExternalKind::Instance => "instance",
        ComponentExternalKind::Component => "component",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module: a type, an import `env.log`, a memory, the export `memory`.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x0b\x01\x03env\x03log\0\0\x05\x03\x01\0\x01\x07\x0a\x01\x06memory\x02\0";

    fn shown(ports: Option<&Vec<Port>>) -> Vec<String> {
        let one = |port: &Port| format!("{}.{} {}", port.module.as_deref().unwrap_or_default(), port.name, port.kind);
        ports.into_iter().flatten().map(one).collect()
    }

    #[test]
    fn a_module_says_what_it_asks_for_and_offers() {
        let opened = read(MODULE).unwrap();
        assert_eq!(shown(opened.imports.as_ref()), ["env.log func"]);
        assert_eq!(shown(opened.exports.as_ref()), [".memory memory"]);
        assert_eq!((opened.facts[0].name, opened.facts[0].value.as_str()), ("form", "module"));
    }

    #[test]
    fn of_a_component_only_its_own_are_listed() {
        // A component around that module, with the import of a function type under a name of WIT.
        let mut component = b"\0asm\x0d\0\x01\0".to_vec();
        component.extend([1, u8::try_from(MODULE.len()).unwrap()]);
        component.extend(MODULE);
        component.extend(b"\x07\x05\x01\x40\0\x01\0");
        component.extend(b"\x0a\x0d\x01\0\x08wasi:a/b\x01\0");
        let opened = read(&component).unwrap();
        assert_eq!(shown(opened.imports.as_ref()), [".wasi:a/b func"]);
        assert_eq!(shown(opened.exports.as_ref()), [""; 0]);
        assert_eq!(opened.facts[0].value, "component");
        assert!(opened.facts.iter().any(|fact| fact.name == "modules" && fact.value == "1"));
    }

    #[test]
    fn broken_ones_are_refused_and_none_panics() {
        for length in [0, 3, 7, 9, 20, 30] {
            assert_eq!(read(&MODULE[..length]).unwrap_err().code(), "unsupported-input", "{length}");
        }
        for at in 8..MODULE.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut bytes = MODULE.to_vec();
                bytes[at] = value;
                let _either = read(&bytes);
            }
        }
    }
}
