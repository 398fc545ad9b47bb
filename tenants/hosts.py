def forget(host):
    pass
