"""What a client may be allowed to do. One line per scope; each is used by a route (a test looks)."""

from collections.abc import Mapping

from policies.kernel.words import Words

SCOPES: Mapping[str, Words] = {
    "vouchers.read": Words("查看创新券及其合同", "see vouchers and their contracts"),
    "vouchers.write": Words("用券：预留、验收、取消预留", "use vouchers: reserve, accept, release"),
}
