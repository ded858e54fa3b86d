"""Reads the samples of `perf script --fields comm,ip,sym` and writes a flame graph as SVG.

A box is a function, as wide as its share of the samples. It stands on its caller. Boxes below a share of 0.2 % are left out.
"""

import html
import re
import sys

WIDTH = 1200
ROW = 16
SMALLEST = 0.002
COLOURS = {"thread": "#d0d7de", "kernel": "#f4b183", "breakwater": "#9dc3e6", "library": "#c5e0b4"}
SYSTEM_CALLS = re.compile(r"^(entry_SYSCALL|do_syscall|__x64_sys|x64_sys_call|asm_|sys_|ret_from_fork)")


class Node:
    def __init__(self, name, kind):
        self.name = name
        self.kind = kind
        self.samples = 0
        self.children = {}

    def child(self, name, kind):
        return self.children.setdefault(name, Node(name, kind))


def shortened(symbol):
    """A C++ name without parameters and template arguments."""
    name = re.sub(r"\(anonymous namespace\)::", "", symbol)
    previous = None
    while previous != name:
        previous = name
        name = re.sub(r"<[^<>]*>", "", name)
    name = re.sub(r"\{lambda.*?\}", "lambda", name)
    name = re.sub(r"\[clone[^\]]*\]", "", name)
    name = name.split("(")[0].strip().removeprefix("void ")
    return name.replace("breakwater::", "").replace("boost::asio::detail::", "asio::") or symbol[:60]


def kind_of(address, symbol):
    if int(address, 16) >= 1 << 63:
        return "kernel"
    return "breakwater" if "breakwater::" in symbol else "library"


def read(lines):
    root = Node("all", "thread")
    thread, stack = None, []

    def finish():
        if thread is None or not stack:
            return
        root.samples += 1
        node = root.child(thread, "thread")
        node.samples += 1
        for name, kind in reversed(stack):
            if node.name == name:  # a frame of a coroutine, or recursion
                continue
            node = node.child(name, kind)
            node.samples += 1

    for line in lines:
        if not line.strip():
            finish()
            thread, stack = None, []
        elif thread is None:
            thread = line.strip()
        else:
            address, _, symbol = line.strip().partition(" ")
            if symbol.strip() not in ("", "[unknown]") and not SYSTEM_CALLS.match(symbol):
                stack.append((shortened(symbol), kind_of(address, symbol)))
    finish()
    return root


def depth_of(node, total):
    return 1 + max((depth_of(c, total) for c in node.children.values() if c.samples >= SMALLEST * total), default=0)


def draw(node, left, level, height, total, out):
    width = WIDTH * node.samples / total
    share = 100 * node.samples / total
    top = height - (level + 1) * ROW
    label = html.escape(node.name)
    out.append(f'<g><title>{label}: {share:.1f} %</title>'
               f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 1}" fill="{COLOURS[node.kind]}"/>')
    letters = int((width - 4) / 6.2)
    if letters >= 3:
        text = node.name if len(node.name) <= letters else node.name[: letters - 1] + "…"
        out.append(f'<text x="{left + 2:.1f}" y="{top + 11}">{html.escape(text)}</text>')
    out.append("</g>")
    for child in sorted(node.children.values(), key=lambda c: c.name):
        if child.samples >= SMALLEST * total:
            draw(child, left, level + 1, height, total, out)
        left += WIDTH * child.samples / total


def main():
    root = read(sys.stdin)
    if root.samples == 0:
        sys.exit("perf recorded no samples.")
    height = (depth_of(root, root.samples) + 1) * ROW
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" font-size="10">',
           f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>']
    draw(root, 0.0, 0, height, root.samples, out)
    legend = 4
    for kind, colour in COLOURS.items():
        out.append(f'<rect x="{legend}" y="3" width="10" height="10" fill="{colour}"/><text x="{legend + 14}" y="12">{kind}</text>')
        legend += 110
    print("\n".join(out + ["</svg>"]))


main()
