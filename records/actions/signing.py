"""Signatures: ordered by a person for the pages that were shown, made by a worker, one page at a time."""

import hashlib
import os
from collections.abc import Collection, Mapping
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from hocbaso.lib.enqueue import enqueue
from records.actions.keys import certificate_of, chain_of, opened, secrets
from records.actions.page_files import read_page, store_page
from records.documents.keys import NotOrdered, unwrapped_for_order, wrapped_for_order
from records.documents.signing import SoftwareSigner, sign_page
from records.documents.words import in_place_of
from records.models import ClassPeriod, PageVersion, Signature, SigningItem, SigningKey, SigningOrder, Slot
from records.permissions import acts_by, may_sign_in, signs_in
from records.rules.signoff import state_after, state_before
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import User
from schools.models.recording import recorded

OPEN_FOR = timedelta(hours=6)
REASONS = {
    Slot.HOMEROOM: "Giáo viên chủ nhiệm xác nhận",
    Slot.PRINCIPAL: "Hiệu trưởng phê duyệt",
    Slot.SEAL: "Nhà trường phát hành",
}


def unlocked_key(by: User, class_period: ClassPeriod, slot: str, pin: str) -> tuple[SigningKey, RSAPrivateKey]:
    """The key the person signs with in this slot, opened by the PIN. Refused where there is none or the PIN is
    wrong."""
    holder = class_period.school if slot == Slot.SEAL else by
    signing_key = SigningKey.objects.usable().of_holder(holder).first()
    if signing_key is None:
        whose = "Con dấu số của trường" if slot == Slot.SEAL else "Khóa kí số của bạn"
        raise Refused(f"{whose} chưa được cấp.")
    return signing_key, opened(signing_key, pin)


def order_signatures(
    *,
    by: User,
    class_period: ClassPeriod,
    slot: str,
    shown: Mapping[str, str],
    key: tuple[SigningKey, RSAPrivateKey],
    pages: QuerySet[PageVersion] | None = None,
) -> SigningOrder:
    """Order the person's signature on every waiting page of a class, or of ``pages``, in the caller's transaction.
    ``shown`` maps the public id of each page to the digest the person was shown; WrongState when a page is not rendered
    yet, was not shown or is another by now. Source: house.md §5 (“an act stores a SigningOrder”)."""
    of_class = PageVersion.objects.of(class_period) if pages is None else pages
    waiting = list(of_class.filter(state=state_before(slot)))
    if not waiting:
        raise WrongState("Không có trang nào đang chờ chữ kí này.")
    if any(cache.has_key(_cache_key(order)) for order in SigningOrder.objects.under_way(waiting, slot)):
        raise WrongState("Các trang này đang được kí theo lệnh trước. Hãy chờ xong; trang nào chưa kí được thì kí lại.")
    for version in waiting:
        _check_shown(version, shown)
    signing_key, private_key = key
    salt = os.urandom(32)
    delegation = acts_by(by, class_period) if slot == Slot.PRINCIPAL else None
    order = SigningOrder.objects.create(
        by=by, slot=slot, class_period=class_period, key=signing_key, salt=salt, delegation=delegation
    )
    items = SigningItem.objects.bulk_create(
        SigningItem(order=order, version=version, shown_digest=version.original_digest) for version in waiting
    )
    digests = {item.shown_digest for item in items}
    wrapped = wrapped_for_order(private_key, order_id=_bound_to(order, digests), salt=salt, secret=secrets()[0])
    cache.set(_cache_key(order), wrapped, OPEN_FOR.total_seconds())
    for item in items:
        enqueue("records.sign_item", item.pk)
    return order


def reason_of(order: SigningOrder) -> str:
    """What the signature itself says of why it is given; who signs for the principal says so (law.md §6.1)."""
    if order.delegation:
        return in_place_of(order.delegation.grantor.full_name)
    return REASONS[Slot(order.slot)]


def _check_shown(version: PageVersion, shown: Mapping[str, str]) -> None:
    name = version.page.student.full_name
    if not version.is_rendered:
        raise WrongState(f"Trang của {name} đang được dựng. Hãy chờ một lát rồi kí.")
    if shown.get(str(version.public_id)) != version.original_digest:
        raise WrongState(f"Trang của {name} đã khác trang bạn xem. Hãy mở lại và xem trước khi kí.")


def sign_as_homeroom(*, by: User, class_period: ClassPeriod, pin: str, shown: Mapping[str, str]) -> SigningOrder:
    """The homeroom teacher signs the pages of the submitted class. NotAllowed; Refused (PIN, key); WrongState.
    Source: TT 22/2021 Đ20; law.md §5.4 step 3."""
    return sign_again(by=by, class_period=class_period, slot=Slot.HOMEROOM, pin=pin, shown=shown)


def sign_again(*, by: User, class_period: ClassPeriod, slot: str, pin: str, shown: Mapping[str, str]) -> SigningOrder:
    """Sign the pages that still wait for this slot: those that failed, or all of them. NotAllowed; Refused; WrongState.
    Source: ux.md §4 (retry only the failures)."""
    if not signs_in(by, class_period, slot):
        raise NotAllowed
    if not may_sign_in(by, class_period, slot):
        step = class_period.get_state_display().lower()
        raise WrongState(f"Lớp {class_period.school_class} nay {step}: không có trang nào chờ bạn kí.")
    key = unlocked_key(by, class_period, slot, pin)
    with recorded(by, "order_signatures", chains=[("CLASS", class_period.school_class_id)]):
        current = ClassPeriod.objects.select_for_update().get(pk=class_period.pk)
        if not may_sign_in(by, current, slot) or current.state != class_period.state:
            raise WrongState("Lớp vừa chuyển sang trạng thái khác. Hãy tải lại trang.")
        return order_signatures(by=by, class_period=current, slot=slot, shown=shown, key=key)


# -- What the worker does ---------------------------------------------------------------------------------------------
def carry_out(item: SigningItem) -> SigningItem:
    """Put the ordered signature into one page's file. Done twice, it signs once; what cannot be signed is noted with
    its reason and can be ordered again. Source: documents.md §3."""
    if item.state == SigningItem.State.DONE:
        return item
    order, version = item.order, item.version
    try:
        signer = order_signer(order)
        content = sign_page(
            read_page(version),
            original_size=version.original_size or 0,
            slot=order.slot,
            signer=signer,
            reason=reason_of(order),
        )
    except (NotOrdered, ValueError, OSError) as failure:
        return _failed(item, str(failure))
    name = store_page(version, content)
    return _signed(item, name, hashlib.sha256(content).hexdigest())


def give_up(item: SigningItem) -> SigningItem:
    """Note that a page could not be signed because the work broke off each time it was begun. The person can order the
    signature again once the operator has looked."""
    return _failed(item, "Máy chủ bắt đầu kí trang này nhiều lần mà lần nào cũng bị ngắt. Báo người vận hành hệ thống.")


def order_signer(order: SigningOrder) -> SoftwareSigner:
    """The signer of one order: it signs the digests shown in that order, and nothing else. NotOrdered when the key is
    no longer open for it: then the person signs again."""
    wrapped = cache.get(_cache_key(order))
    if wrapped is None:
        raise NotOrdered("Khóa không còn mở cho lệnh kí này. Hãy kí lại những trang chưa xong.")
    digests = frozenset(order.items.values_list("shown_digest", flat=True))
    bound_to = _bound_to(order, digests)
    key = unwrapped_for_order(wrapped, order_id=bound_to, salt=bytes(order.salt), secret=secrets()[0])
    return SoftwareSigner(
        key, certificate_of(order.key), chain_of(order.key), holder=str(order.by.public_id), ordered=digests
    )


def _bound_to(order: SigningOrder, digests: Collection[str]) -> str:
    """What the wrapped key is bound to: the order and exactly the pages shown in it. An item that anybody adds later
    leaves the key shut."""
    shown = hashlib.sha256(" ".join(sorted(digests)).encode()).hexdigest()
    return f"{order.public_id} {shown}"


def _signed(item: SigningItem, name: str, digest: str) -> SigningItem:
    order = item.order
    with recorded(order.by, "sign_page", method="signed", chains=[("CLASS", item.version.school_class_id)]):
        version = PageVersion.objects.select_for_update().get(pk=item.version_id)
        current = SigningItem.objects.select_for_update().get(pk=item.pk)
        if current.state == SigningItem.State.DONE:
            return current
        if version.state != state_before(order.slot):
            current.state, current.failure = SigningItem.State.FAILED, "Trang đã chuyển trạng thái, chưa kí."
        else:
            _move_on(version, order, name, digest)
            current.state, current.failure = SigningItem.State.DONE, ""
        current.save(update_fields=["state", "failure"])
        return current


def _move_on(version: PageVersion, order: SigningOrder, name: str, digest: str) -> None:
    Signature.objects.create(version=version, slot=order.slot, order=order, by=order.by, file_digest=digest)
    version.state, version.file = state_after(order.slot), name
    if version.state == PageVersion.State.SEALED:
        version.issued_at = timezone.now()
        earlier = version.page.versions.filter(state=PageVersion.State.SEALED, number__lt=version.number)
        earlier.update(state=PageVersion.State.REPLACED)
    version.save(update_fields=["state", "file", "issued_at"])


def _failed(item: SigningItem, failure: str) -> SigningItem:
    with recorded(item.order.by, "sign_page", method="signed", chains=[("CLASS", item.version.school_class_id)]):
        current = SigningItem.objects.select_for_update().get(pk=item.pk)
        if current.state != SigningItem.State.DONE:
            current.state, current.failure = SigningItem.State.FAILED, failure[:500]
            current.save(update_fields=["state", "failure"])
        return current


def _cache_key(order: SigningOrder) -> str:
    return f"signing-order:{order.public_id}"
