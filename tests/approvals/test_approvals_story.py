from office import Office
def test_x(office: Office) -> None:
    p = office.payable()
    assert p.startswith("PAY-")
    assert office.breaches() == []
    print(office.verify())
