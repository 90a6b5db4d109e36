import type { RailsOptions } from '../../index.ts'

/** Settings of a Rails application. */
export const RAILS_APPLICATION: RailsOptions = {
  secretKeyBase:
    '6161dbbfd8294ff97b490c5077ff2b8fdb7f030c0fc15f8c14affa5e1790e1f37dc5ee6d8fbdcaeea69f2e1ecb7f67f7cd21aa7576a4298f9fdbf0526e6e71da',
  loadDefaults: '7.1',
  session: { key: '_my-app_session' },
}

/** A session that Rails 7.1.6 wrote under these settings. */
export const RAILS_COOKIE: string =
  '_my-app_session=bko2hqWb%2FnAhN649G%2BqAfPdEZjEyhZC1tyNxTG4IZPnWfB6rn87mu%2FbLMm4jDRySZYZKcU%2BXevqKRCPBJNIGwtGze7lMHCGTP%2BY3xOC03neHErwXdSajPYemU6n0%2FwBk8EZgxfh299emKAQspNCIciJOaKOxXi3zamCHhxFdyJ5H6zwTPMVeryE%2F7jETbHthaHoYMRx3gNcLCSgpso%2FXHxfUtVKApFB3lHGl6UMgyed%2BrEo29dgHbCnPBtfpR6HrmgQq50olxzxzkr%2BqeFQhd31%2BRlYGbmzspywyldJ3GywMwIAsE9R4J2voV44OfYW9OTYR97x0fHBtPwQbH%2BUu2NdP6nLzkh0k0jG%2BFff029T2s0RdUXDWKmZ9rHk1wphqXZdGxAks3K0R6rvRT4FK--7jR5oOun%2F4KeKIqu--wekyPIg806azb52GyPUeLw%3D%3D'

/** What is in it. */
export const RAILS_SESSION: Readonly<Record<string, unknown>> = {
  session_id: '6501d6bc9f347252e1063f893b3aa306',
  'warden.user.user.key': [[95651], '$2a$12$NccB2wxLeOm4B64fQGOUZ/'],
  _csrf_token: 'BM9Nv4Y4YALNeGUv5Vd6gKZysG3mgc4o9X+ysmAW8Jc=',
}
