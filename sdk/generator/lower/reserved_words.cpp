// The lists hold what a snake_case name can collide with: no `_Bool`, no `None`. Sources: C23 (N3096, 6.4.1),
// C++23 (N4950, [lex.key] and [lex.digraph]), Python 3.13 (keyword.kwlist), the Rust reference (strict and
// reserved keywords of all editions), and `gcc -dM -E` over the headers named.
#include "generator/lower/reserved_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace tally::generator {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kC[] = {
    "alignas",       "alignof",       "asm",      "auto",     "bool",         "break",  "case",    "char",
    "const",         "constexpr",     "continue", "default",  "do",           "double", "else",    "enum",
    "extern",        "false",         "float",    "for",      "goto",         "if",     "inline",  "int",
    "long",          "nullptr",       "register", "restrict", "return",       "short",  "signed",  "sizeof",
    "static",        "static_assert", "struct",   "switch",   "thread_local", "true",   "typedef", "typeof",
    "typeof_unqual", "union",         "unsigned", "void",     "volatile",     "while"};

constexpr std::string_view kCpp[] = {
    "alignas",     "alignof",  "and",        "and_eq",    "asm",       "auto",         "bitand",
    "bitor",       "bool",     "break",      "case",      "catch",     "char",         "char16_t",
    "char32_t",    "char8_t",  "class",      "co_await",  "co_return", "co_yield",     "compl",
    "concept",     "const",    "const_cast", "consteval", "constexpr", "constinit",    "continue",
    "decltype",    "default",  "delete",     "do",        "double",    "dynamic_cast", "else",
    "enum",        "explicit", "export",     "extern",    "false",     "float",        "for",
    "friend",      "goto",     "if",         "inline",    "int",       "long",         "mutable",
    "namespace",   "new",      "noexcept",   "not",       "not_eq",    "nullptr",      "operator",
    "or",          "or_eq",    "private",    "protected", "public",    "register",     "reinterpret_cast",
    "requires",    "return",   "short",      "signed",    "sizeof",    "static",       "static_assert",
    "static_cast", "struct",   "switch",     "template",  "this",      "thread_local", "throw",
    "true",        "try",      "typedef",    "typeid",    "typename",  "union",        "unsigned",
    "using",       "virtual",  "void",       "volatile",  "wchar_t",   "while",        "xor",
    "xor_eq"};

// `none`: a class or a constant of that name would be written None.
constexpr std::string_view kPython[] = {
    "and",  "as",     "assert", "async",  "await",  "break",   "class",    "continue", "def",
    "del",  "elif",   "else",   "except", "false",  "finally", "for",      "from",     "global",
    "if",   "import", "in",     "is",     "lambda", "none",    "nonlocal", "not",      "or",
    "pass", "raise",  "return", "true",   "try",    "while",   "with",     "yield"};

constexpr std::string_view kRust[] = {
    "abstract", "as",     "async",   "await",    "become", "box",    "break", "const",  "continue",
    "crate",    "do",     "dyn",     "else",     "enum",   "extern", "false", "final",  "fn",
    "for",      "gen",    "if",      "impl",     "in",     "let",    "loop",  "macro",  "match",
    "mod",      "move",   "mut",     "override", "priv",   "pub",    "ref",   "return", "self",
    "static",   "struct", "super",   "trait",    "true",   "try",    "type",  "typeof", "unsafe",
    "unsized",  "use",    "virtual", "where",    "while",  "yield"};

constexpr std::string_view kGnuMode[] = {"i386", "linux", "mips", "sparc", "sun", "unix"};

struct Header {
  std::string_view name;
  Words macros;
};

constexpr std::string_view kAssert[] = {"assert"};
constexpr std::string_view kComplex[] = {"complex", "imaginary"};
constexpr std::string_view kCtype[] = {"isalnum",  "isalpha", "isascii", "isblank", "iscntrl", "isdigit",
                                       "isgraph",  "islower", "isprint", "ispunct", "isspace", "isupper",
                                       "isxdigit", "toascii", "tolower", "toupper"};
constexpr std::string_view kErrno[] = {"errno"};
constexpr std::string_view kMath[] = {
    "fpclassify",    "isfinite", "isgreater", "isgreaterequal", "isinf",   "isless",          "islessequal",
    "islessgreater", "isnan",    "isnormal",  "isunordered",    "signbit", "math_errhandling"};
constexpr std::string_view kSetjmp[] = {"setjmp", "sigsetjmp"};
constexpr std::string_view kSignal[] = {"sa_handler", "sa_sigaction", "si_addr", "si_band",  "si_fd",
                                        "si_pid",     "si_status",    "si_uid",  "si_value", "sigmask"};
constexpr std::string_view kStat[] = {"st_atime", "st_ctime", "st_mtime"};
constexpr std::string_view kStdarg[] = {"va_arg", "va_copy", "va_end", "va_start"};
constexpr std::string_view kStddef[] = {"offsetof"};
constexpr std::string_view kStdio[] = {"stderr", "stdin", "stdout"};
constexpr std::string_view kStdlib[] = {"alloca"};
constexpr std::string_view kStdnoreturn[] = {"noreturn"};

constexpr Header kHeaders[] = {{"<assert.h>", kAssert},
                               {"<complex.h>", kComplex},
                               {"<ctype.h>", kCtype},
                               {"<errno.h>", kErrno},
                               {"<math.h>", kMath},
                               {"<setjmp.h>", kSetjmp},
                               {"<signal.h>", kSignal},
                               {"<sys/stat.h>", kStat},
                               {"<stdarg.h>", kStdarg},
                               {"<stddef.h>", kStddef},
                               {"<stdio.h>", kStdio},
                               {"<stdlib.h>", kStdlib},
                               {"<stdnoreturn.h>", kStdnoreturn}};

// Types that generated code uses by their plain names.
constexpr std::string_view kStdint[] = {
    "int8_t",         "int16_t",        "int32_t",       "int64_t",       "int_fast8_t",   "int_fast16_t",
    "int_fast32_t",   "int_fast64_t",   "int_least8_t",  "int_least16_t", "int_least32_t", "int_least64_t",
    "intmax_t",       "intptr_t",       "uint8_t",       "uint16_t",      "uint32_t",      "uint64_t",
    "uint_fast8_t",   "uint_fast16_t",  "uint_fast32_t", "uint_fast64_t", "uint_least8_t", "uint_least16_t",
    "uint_least32_t", "uint_least64_t", "uintmax_t",     "uintptr_t"};
constexpr std::string_view kStddefTypes[] = {"max_align_t", "nullptr_t", "ptrdiff_t", "size_t"};

// Global names of the C library, of C and of POSIX, that are words which an interface might be called.
constexpr std::string_view kLibrary[] = {
    "abort",    "abs",      "accept",    "access",    "acct",     "alarm",   "alloca",    "atexit",
    "basename", "bind",     "brk",       "bsearch",   "calloc",   "chdir",   "chroot",    "clock",
    "clone",    "close",    "closefrom", "connect",   "creat",    "crypt",   "ctime",     "daemon",
    "daylight", "difftime", "dirname",   "div",       "dup",      "environ", "exit",      "exp",
    "fork",     "free",     "gamma",     "getline",   "getopt",   "glob",    "index",     "ioctl",
    "j0",       "j1",       "jn",        "kill",      "link",     "listen",  "localtime", "log",
    "lseek",    "malloc",   "memcpy",    "mkdir",     "mktime",   "mount",   "nice",      "obstack",
    "open",     "optarg",   "pause",     "perror",    "pipe",     "poll",    "pow",       "printf",
    "profil",   "puts",     "qsort",     "raise",     "rand",     "random",  "read",      "realloc",
    "realpath", "recv",     "remove",    "rename",    "revoke",   "rewind",  "rindex",    "round",
    "scanf",    "select",   "send",      "setlocale", "shutdown", "signal",  "sin",       "sleep",
    "socket",   "splice",   "sqrt",      "stat",      "statfs",   "strdup",  "strlen",    "swab",
    "symlink",  "sync",     "syscall",   "system",    "tee",      "time",    "timezone",  "truncate",
    "umask",    "uname",    "unlink",    "utime",     "wait",     "write",   "y0",        "y1",
    "yn"};

// Headers of C99 to C23, POSIX and glibc, without their suffix: an interface's own would be found in their
// place.
constexpr std::string_view kSystemHeaders[] = {
    "aio",      "alloca",    "ar",        "assert",      "byteswap", "complex",  "cpio",      "crypt",
    "ctype",    "dirent",    "dlfcn",     "elf",         "endian",   "envz",     "err",       "errno",
    "error",    "execinfo",  "fcntl",     "features",    "fenv",     "float",    "fmtmsg",    "fnmatch",
    "fstab",    "ftw",       "getopt",    "glob",        "grp",      "gshadow",  "iconv",     "ifaddrs",
    "inttypes", "iso646",    "langinfo",  "libgen",      "libintl",  "limits",   "link",      "locale",
    "malloc",   "math",      "mcheck",    "memory",      "mntent",   "monetary", "mqueue",    "ndbm",
    "netdb",    "nl_types",  "nss",       "obstack",     "paths",    "poll",     "printf",    "proc_service",
    "pthread",  "pty",       "pwd",       "re_comp",     "regex",    "regexp",   "resolv",    "sched",
    "search",   "semaphore", "setjmp",    "sgtty",       "shadow",   "signal",   "spawn",     "stab",
    "stdalign", "stdarg",    "stdatomic", "stdbit",      "stdbool",  "stdc",     "stdckdint", "stddef",
    "stdint",   "stdio",     "stdlib",    "stdnoreturn", "string",   "strings",  "stropts",   "syscall",
    "sysexits", "syslog",    "tar",       "termio",      "termios",  "tgmath",   "thread_db", "threads",
    "time",     "trace",     "ttyent",    "uchar",       "ucontext", "ulimit",   "unistd",    "utime",
    "utmp",     "utmpx",     "values",    "wait",        "wchar",    "wctype",   "wordexp",   "xlocale"};

// sys.stdlib_module_names of CPython 3.11 to 3.14, but those that begin with an underscore or aren't in lower
// case.
constexpr std::string_view kPythonModules[] = {"abc",
                                               "aifc",
                                               "annotationlib",
                                               "antigravity",
                                               "argparse",
                                               "array",
                                               "ast",
                                               "asynchat",
                                               "asyncio",
                                               "asyncore",
                                               "atexit",
                                               "audioop",
                                               "base64",
                                               "bdb",
                                               "binascii",
                                               "bisect",
                                               "builtins",
                                               "bz2",
                                               "calendar",
                                               "cgi",
                                               "cgitb",
                                               "chunk",
                                               "cmath",
                                               "cmd",
                                               "code",
                                               "codecs",
                                               "codeop",
                                               "collections",
                                               "colorsys",
                                               "compileall",
                                               "compression",
                                               "concurrent",
                                               "configparser",
                                               "contextlib",
                                               "contextvars",
                                               "copy",
                                               "copyreg",
                                               "crypt",
                                               "csv",
                                               "ctypes",
                                               "curses",
                                               "dataclasses",
                                               "datetime",
                                               "dbm",
                                               "decimal",
                                               "difflib",
                                               "dis",
                                               "distutils",
                                               "doctest",
                                               "email",
                                               "encodings",
                                               "ensurepip",
                                               "enum",
                                               "errno",
                                               "faulthandler",
                                               "fcntl",
                                               "filecmp",
                                               "fileinput",
                                               "fnmatch",
                                               "fractions",
                                               "ftplib",
                                               "functools",
                                               "gc",
                                               "genericpath",
                                               "getopt",
                                               "getpass",
                                               "gettext",
                                               "glob",
                                               "graphlib",
                                               "grp",
                                               "gzip",
                                               "hashlib",
                                               "heapq",
                                               "hmac",
                                               "html",
                                               "http",
                                               "idlelib",
                                               "imaplib",
                                               "imghdr",
                                               "imp",
                                               "importlib",
                                               "inspect",
                                               "io",
                                               "ipaddress",
                                               "itertools",
                                               "json",
                                               "keyword",
                                               "lib2to3",
                                               "linecache",
                                               "locale",
                                               "logging",
                                               "lzma",
                                               "mailbox",
                                               "mailcap",
                                               "marshal",
                                               "math",
                                               "mimetypes",
                                               "mmap",
                                               "modulefinder",
                                               "msilib",
                                               "msvcrt",
                                               "multiprocessing",
                                               "netrc",
                                               "nis",
                                               "nntplib",
                                               "nt",
                                               "ntpath",
                                               "nturl2path",
                                               "numbers",
                                               "opcode",
                                               "operator",
                                               "optparse",
                                               "os",
                                               "ossaudiodev",
                                               "pathlib",
                                               "pdb",
                                               "pickle",
                                               "pickletools",
                                               "pipes",
                                               "pkgutil",
                                               "platform",
                                               "plistlib",
                                               "poplib",
                                               "posix",
                                               "posixpath",
                                               "pprint",
                                               "profile",
                                               "pstats",
                                               "pty",
                                               "pwd",
                                               "py_compile",
                                               "pyclbr",
                                               "pydoc",
                                               "pydoc_data",
                                               "pyexpat",
                                               "pyrepl",
                                               "queue",
                                               "quopri",
                                               "random",
                                               "re",
                                               "readline",
                                               "reprlib",
                                               "resource",
                                               "rlcompleter",
                                               "runpy",
                                               "sched",
                                               "secrets",
                                               "select",
                                               "selectors",
                                               "shelve",
                                               "shlex",
                                               "shutil",
                                               "signal",
                                               "site",
                                               "smtpd",
                                               "smtplib",
                                               "sndhdr",
                                               "socket",
                                               "socketserver",
                                               "spwd",
                                               "sqlite3",
                                               "sre_compile",
                                               "sre_constants",
                                               "sre_parse",
                                               "ssl",
                                               "stat",
                                               "statistics",
                                               "string",
                                               "stringprep",
                                               "struct",
                                               "subprocess",
                                               "sunau",
                                               "symtable",
                                               "sys",
                                               "sysconfig",
                                               "syslog",
                                               "tabnanny",
                                               "tarfile",
                                               "telnetlib",
                                               "tempfile",
                                               "termios",
                                               "textwrap",
                                               "this",
                                               "threading",
                                               "time",
                                               "timeit",
                                               "tkinter",
                                               "token",
                                               "tokenize",
                                               "tomllib",
                                               "trace",
                                               "traceback",
                                               "tracemalloc",
                                               "tty",
                                               "turtle",
                                               "turtledemo",
                                               "types",
                                               "typing",
                                               "unicodedata",
                                               "unittest",
                                               "urllib",
                                               "uu",
                                               "uuid",
                                               "venv",
                                               "warnings",
                                               "wave",
                                               "weakref",
                                               "webbrowser",
                                               "winreg",
                                               "winsound",
                                               "wsgiref",
                                               "xdrlib",
                                               "xml",
                                               "xmlrpc",
                                               "zipapp",
                                               "zipfile",
                                               "zipimport",
                                               "zlib",
                                               "zoneinfo"};

bool has(Words words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string listed(const std::vector<std::string_view>& parts) {
  std::string result(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i)
    result.append(i + 1 == parts.size() ? " and " : ", ").append(parts[i]);
  return result;
}

}  // namespace

std::optional<std::string> reserved_as(std::string_view word) {
  std::vector<std::string_view> languages;
  if (has(kC, word)) languages.push_back("C");
  if (has(kCpp, word)) languages.push_back("C++");
  if (has(kPython, word)) languages.push_back("Python");
  if (has(kRust, word)) languages.push_back("Rust");
  if (!languages.empty()) return "a reserved word of " + listed(languages);
  if (has(kGnuMode, word)) return "a macro that compilers predefine in GNU mode";
  for (const Header& header : kHeaders)
    if (has(header.macros, word)) return fmt::format("a macro of {}", header.name);
  if (has(kStdint, word)) return "a type of <stdint.h>";
  if (has(kStddefTypes, word)) return "a type of <stddef.h>";
  return std::nullopt;
}

std::optional<std::string> reserved_globally_as(std::string_view word) {
  if (has(kSystemHeaders, word)) return fmt::format("a header of the system's: <{}.h>", word);
  if (has(kPythonModules, word)) return "a module of Python's own";
  if (has(kLibrary, word)) return "a name of the C library's";
  if (word.ends_with("_t")) return "a name that POSIX reserves for types, as all that end in _t";
  return std::nullopt;
}

}  // namespace tally::generator
