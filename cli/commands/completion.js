// `stowplan completion bash|zsh|fish`: a script that completes commands and options, made of the commands themselves.

import { coded } from "../../www/lib/coded.js";
import { EXIT } from "../exit.js";

/** @typedef {{ name: string, about: string, flags: Flag[] }} Words of a command */
/** @typedef {{ long: string, short?: string, about: string, takes: string }} Flag `takes`: the name of its value, if it has one */

/** @param {import("../terminal.js").Terminal} io @param {string} shell @param {import("commander").Command} program */
export async function completion(io, shell, program) {
	const script = SCRIPTS.get(shell);
	if (!script) throw coded("unsupported-input", `there are completions for ${[...SCRIPTS.keys()].join(", ")}`);
	io.out(script(program.commands.map(wordsOf)));
	return EXIT.verified;
}

/** @param {import("commander").Command} command @returns {Words} */
function wordsOf(command) {
	const flags = command.options.map(({ long, short, description, flags, required, optional }) => ({
		long: long ?? flags,
		short,
		about: description,
		takes: required || optional ? (/<(.+)>/.exec(flags)?.[1] ?? "value") : "",
	}));
	return { name: command.name(), about: command.description(), flags };
}

/** In single quotes, as all three shells read it. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "’").replaceAll("\\", "")}'`;

/** @param {Words[]} commands */
const bash = (commands) => `_stowplan() {
  local current=\${COMP_WORDS[COMP_CWORD]} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words=${quoted(commands.map(({ name }) => name).join(" "))}
  elif [[ $current == -* ]]; then
    case \${COMP_WORDS[1]} in
${commands.map(({ name, flags }) => `      ${name}) words=${quoted(flags.map(({ long }) => long).join(" "))} ;;`).join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _stowplan stowplan
`;

/** Removes the signs that have a meaning in a specification of zsh's. @param {string} text */
const plain = (text) => text.replace(/[[\]:]/g, "");

/** @param {Words[]} commands */
const zsh = (commands) => `#compdef stowplan
_stowplan() {
  local -a commands=(
${commands.map(({ name, about }) => `    ${quoted(`${name}:${about}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${commands.map(({ name, flags }) => `    ${name}) _arguments ${[...flags.map(zshFlag), quoted("*:file:_files")].join(" ")} ;;`).join("\n")}
  esac
}
compdef _stowplan stowplan
`;

/** @param {Flag} flag */
const zshFlag = ({ long, about, takes }) => quoted(`*${long}[${plain(about)}]${takes ? `:${takes}:_files` : ""}`);

/** @param {Words[]} commands */
const fish = (commands) =>
	commands
		.flatMap(({ name, about, flags }) => [
			`complete -c stowplan -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
			...flags.map(
				({ long, short, about, takes }) =>
					`complete -c stowplan -n '__fish_seen_subcommand_from ${name}' -l ${long.slice(2)}${short ? ` -s ${short.slice(1)}` : ""}${takes ? " -r" : ""} -d ${quoted(about)}`,
			),
		])
		.map((line) => `${line}\n`)
		.join("");

/** @type {Map<string, (commands: Words[]) => string>} */
const SCRIPTS = new Map([
	["bash", bash],
	["zsh", zsh],
	["fish", fish],
]);
