"""Who gets the handle of whom in WordPress: nobody by an address, which anybody may enter there."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.wordpress import (
    HANDLE,
    KEY,
    OTHER,
    ROUTE,
    SETTINGS,
    Page,
    Visitor,
    WordPress,
    demand_wordpress,
)
from widget_backend.links import Link
from widget_backend.signing import Signer

demand_wordpress()


def link_of(handle: str, site: str = "dimora") -> str:
    return f"https://prefs.example/p/{Signer([KEY]).token('preferences', Link(site, handle))}"


def handle_of(site: WordPress, user: int) -> str:
    handle: str = site.php(
        f"echo json_encode( get_user_meta( {user}, 'preference_handle', true ) );"
    )
    return handle


def number_of(site: WordPress, name: str) -> int:
    return int(site.php(f"echo (int) get_user_by( 'login', '{name}' )->ID;"))


def profile_of(number: int) -> str:
    return f"/wp-admin/user-edit.php?user_id={number}"


def fields_of(name: str, **others: str) -> dict[str, str]:
    """What a browser sends of a profile beside the texts that are in its form."""
    return {"email": f"{name}@example.com", "role": "subscriber", "nickname": name, **others}


# ── a profile ───────────────────────────────────────────────────────────────────────────────


def test_a_link_pasted_into_a_profile_gives_the_handle_and_nonsense_is_refused(
    site: WordPress, admin: Visitor
) -> None:
    site.user("drita")
    number = number_of(site, "drita")

    def paste(text: str) -> Page:
        fields = fields_of("drita", preference_handle=text)
        return admin.send(profile_of(number), "preference_handle", **fields)

    assert paste(link_of(HANDLE)).status == 200
    assert handle_of(site, number) == HANDLE
    for refused in ("nobody", link_of(OTHER, "inn")):
        assert "This is no handle, and no link of your site" in paste(refused).text
    assert handle_of(site, number) == HANDLE
    paste("")
    assert handle_of(site, number) == ""


def test_nobody_gives_themselves_the_handle_of_another(site: WordPress) -> None:
    visitor = site.user("eve", HANDLE)
    profile = visitor.ask("/wp-admin/profile.php")
    assert "preference_handle" not in profile.text
    fields = {"email": "eve@example.com", "nickname": "eve", "preference_handle": OTHER}
    assert visitor.send("/wp-admin/profile.php", "your-profile", **fields).status == 200
    assert handle_of(site, number_of(site, "eve")) == HANDLE


# ── the file of links ───────────────────────────────────────────────────────────────────────


def upload(visitor: Visitor, rows: list[str], nonce: str) -> Page:
    """Sends the form of the settings with a file in it."""
    fields = {"_wpnonce": nonce, "action": "preference_widget_handles"}
    head = 'Content-Disposition: form-data; name="'
    parts = [f'{head}{name}"\r\n\r\n{value}' for name, value in fields.items()]
    content = "\r\n".join(rows)
    parts.append(f'{head}links"; filename="links.csv"\r\n\r\n{content}')
    body = "".join(f"--part\r\n{each}\r\n" for each in parts) + "--part--\r\n"
    kind = "multipart/form-data; boundary=part"
    return visitor.ask("/wp-admin/admin-post.php", body.encode(), Content_Type=kind)


@pytest.fixture(scope="module")
def nonce(admin: Visitor) -> str:
    form = admin.ask(SETTINGS).text.partition("admin-post.php")[2]
    return re.findall(r'name="_wpnonce" value="(\w+)"', form)[0]


def test_the_file_of_links_gives_each_user_whose_number_is_in_it_their_handle(
    site: WordPress, admin: Visitor, nonce: str
) -> None:
    numbers = {}
    for name in ("agim", "teuta", "vera"):
        site.user(name, "" if name == "agim" else OTHER)
        numbers[name] = number_of(site, name)
    rows = [
        "\ufeffemail,name,user_id,preferences_url",
        f'a@shop.example,"A, B",{numbers["agim"]},{link_of(HANDLE)}',
        f"t@shop.example,T,{numbers['teuta']},not a link",
        f"stranger@example.com,S,999999,{link_of(HANDLE)}",
        f"vera@example.com,V,{numbers['vera']}x,{link_of(HANDLE)}",
        f"vera@example.com,V,,{link_of(HANDLE)}",
    ]
    page = upload(admin, rows, nonce)
    assert "Users whose handle is known from this file: 1<" in page.text
    handles = {name: handle_of(site, number) for name, number in numbers.items()}
    assert handles == {"agim": HANDLE, "teuta": OTHER, "vera": OTHER}
    assert "Choose the file that" in upload(admin, ["a,b", "1,2"], nonce).text
    assert upload(admin, [], "0123456789").status == 403
    assert upload(site.user("editing", role="editor"), rows, nonce).status == 403


def test_a_link_of_another_site_gives_no_handle_and_is_counted(
    site: WordPress, admin: Visitor, nonce: str
) -> None:
    site.user("bujar", HANDLE)
    site.user("lule")
    bujar, lule = number_of(site, "bujar"), number_of(site, "lule")
    rows = [
        "user_id,preferences_url",
        f"{bujar},{link_of(OTHER, 'inn')}",
        f"{lule},{link_of(OTHER)}",
        f"999999,{link_of(OTHER, 'inn')}",
    ]
    page = upload(admin, rows, nonce)
    assert "Users whose handle is known from this file: 1<" in page.text
    assert "of another site than the one in the settings: 2<" in page.text
    assert [handle_of(site, each) for each in (bujar, lule)] == [HANDLE, OTHER]
    assert "of another site" not in upload(admin, rows[:1] + rows[2:3], nonce).text


def test_who_enters_the_address_of_another_does_not_get_their_handle(
    site: WordPress, admin: Visitor, nonce: str
) -> None:
    """WordPress takes it from its REST interface without a letter to that address."""
    visitor = site.user("mallory")
    change_address(site, visitor, "victim@shop.example")
    page = upload(admin, ["email,preferences_url", f"victim@shop.example,{link_of(HANDLE)}"], nonce)
    assert "Choose the file that" in page.text, "a file without numbers is refused"
    assert visitor.ask(ROUTE, X_WP_Nonce=site.nonce_of(visitor)).status == 404


# ── a changed address ───────────────────────────────────────────────────────────────────────


def change_address(site: WordPress, visitor: Visitor, address: str) -> None:
    """As the visitor may do without anybody else."""
    answer = visitor.ask(
        "/index.php?rest_route=/wp/v2/users/me",
        json.dumps({"email": address}).encode(),
        X_WP_Nonce=site.nonce_of(visitor),
        Content_Type="application/json",
    )
    assert answer.status == 200


LOST = "The handle was removed because the email address of this user was changed."
COUNTED = "Users who have lost their handle because their email address was changed:"


def test_a_handle_goes_with_the_address_and_the_administrator_is_told(
    site: WordPress, admin: Visitor, nonce: str
) -> None:
    visitor = site.user("moved", HANDLE)
    number = number_of(site, "moved")
    assert LOST not in admin.ask(profile_of(number)).text
    change_address(site, visitor, "elsewhere@shop.example")
    assert visitor.ask(ROUTE, X_WP_Nonce=site.nonce_of(visitor)).status == 404
    assert LOST in admin.ask(profile_of(number)).text
    assert f"{COUNTED} 1<" in admin.ask(SETTINGS).text
    upload(admin, ["user_id,preferences_url", f"{number},{link_of(HANDLE)}"], nonce)
    assert LOST not in admin.ask(profile_of(number)).text
    assert COUNTED not in admin.ask(SETTINGS).text
    assert handle_of(site, number) == HANDLE


def test_a_handle_also_goes_when_an_administrator_changes_the_address(
    site: WordPress, admin: Visitor
) -> None:
    """The form sends the old handle with the new address."""
    site.user("renamed", HANDLE)
    number = number_of(site, "renamed")
    fields = fields_of("renamed", preference_handle=HANDLE)
    admin.send(profile_of(number), "preference_handle", **fields)
    assert handle_of(site, number) == HANDLE, "the address is the same"
    fields["email"] = "another@shop.example"
    page = admin.send(profile_of(number), "preference_handle", **fields)
    assert LOST in page.text
    assert handle_of(site, number) == ""
    admin.send(profile_of(number), "preference_handle", **{**fields, "preference_handle": ""})
    assert LOST not in admin.ask(profile_of(number)).text, "it was seen"
