import type { CwmpMessages } from './messages.ts'

/** One valid example of every message, with every optional argument, for the tests of building, parsing and schemas. */
export const SAMPLES: CwmpMessages = {
  GetRPCMethods: { request: {}, response: { MethodList: ['Inform', 'GetRPCMethods', 'X_00AABB_Do'] } },
  SetParameterValues: {
    request: {
      ParameterList: [
        { Name: 'Device.A', Value: 'text & <markup>', type: 'xsd:string' },
        { Name: 'Device.B', Value: '-7', type: 'xsd:int' },
        { Name: 'Device.C', Value: 'AAEC', type: 'soapenc:base64' },
      ],
      ParameterKey: 'key',
    },
    response: { Status: 1 },
  },
  GetParameterValues: {
    request: { ParameterNames: ['Device.A', 'Device.B.', ''] },
    response: {
      ParameterList: [
        { Name: 'Device.A', Value: '', type: 'xsd:string' },
        { Name: 'Device.D', Value: 'true', type: 'xsd:boolean' },
        { Name: 'Device.E', Value: '2024-02-29T23:59:59.5+01:00', type: 'xsd:dateTime' },
        { Name: 'Device.F', Value: '18446744073709551615', type: 'xsd:unsignedLong' },
        { Name: 'Device.G', Value: '00ff', type: 'xsd:hexBinary' },
      ],
    },
  },
  GetParameterNames: {
    request: { ParameterPath: 'Device.', NextLevel: true },
    response: {
      ParameterList: [
        { Name: 'Device.DeviceInfo.', Writable: false },
        { Name: 'Device.NAT.PortMapping.', Writable: true },
      ],
    },
  },
  SetParameterAttributes: {
    request: {
      ParameterList: [
        {
          Name: 'Device.A',
          NotificationChange: true,
          Notification: 2,
          AccessListChange: false,
          AccessList: ['Subscriber'],
        },
      ],
    },
    response: {},
  },
  GetParameterAttributes: {
    request: { ParameterNames: ['Device.A'] },
    response: { ParameterList: [{ Name: 'Device.A', Notification: 0, AccessList: [] }] },
  },
  AddObject: {
    request: { ObjectName: 'Device.NAT.PortMapping.', ParameterKey: '' },
    response: { InstanceNumber: 4294967295, Status: 0 },
  },
  DeleteObject: {
    request: { ObjectName: 'Device.NAT.PortMapping.1.', ParameterKey: 'k' },
    response: { Status: 0 },
  },
  Download: {
    request: {
      CommandKey: 'c',
      FileType: '1 Firmware Upgrade Image',
      URL: 'http://files.example/image',
      Username: '',
      Password: '',
      FileSize: 0,
      TargetFileName: '',
      DelaySeconds: 0,
      SuccessURL: '',
      FailureURL: '',
    },
    response: { Status: 1, StartTime: '0001-01-01T00:00:00Z', CompleteTime: '0001-01-01T00:00:00Z' },
  },
  Upload: {
    request: {
      CommandKey: 'c',
      FileType: '1 Vendor Configuration File',
      URL: 'http://files.example/config',
      Username: 'u',
      Password: 'p',
      DelaySeconds: 60,
    },
    response: { Status: 0, StartTime: '2024-01-01T00:00:00Z', CompleteTime: '2024-01-01T00:00:01Z' },
  },
  Reboot: { request: { CommandKey: 'reboot-1' }, response: {} },
  FactoryReset: { request: {}, response: {} },
  ScheduleInform: { request: { DelaySeconds: 10, CommandKey: 's' }, response: {} },
  GetQueuedTransfers: { request: {}, response: { TransferList: [{ CommandKey: 'c', State: 1 }] } },
  SetVouchers: { request: { VoucherList: ['AAECAw=='] }, response: {} },
  GetOptions: {
    request: { OptionName: '' },
    response: {
      OptionList: [
        {
          OptionName: 'extra',
          VoucherSN: 1,
          State: 3,
          Mode: 2,
          StartDate: '2024-01-01T00:00:00Z',
          ExpirationDate: '2025-01-01T00:00:00Z',
          IsTransferable: 1,
        },
      ],
    },
  },
  GetAllQueuedTransfers: {
    request: {},
    response: {
      TransferList: [
        {
          CommandKey: 'c',
          State: 2,
          IsDownload: true,
          FileType: '2 Web Content',
          FileSize: 10,
          TargetFileName: 'f',
        },
      ],
    },
  },
  ScheduleDownload: {
    request: {
      CommandKey: 'c',
      FileType: '3 Vendor Configuration File',
      URL: 'http://files.example/config',
      Username: '',
      Password: '',
      FileSize: 1,
      TargetFileName: '',
      TimeWindowList: [
        { WindowStart: 0, WindowEnd: 60, WindowMode: '1 At Any Time', UserMessage: '', MaxRetries: -1 },
      ],
    },
    response: {},
  },
  CancelTransfer: { request: { CommandKey: 'c' }, response: {} },
  ChangeDUState: {
    request: {
      Operations: [
        {
          type: 'InstallOpStruct',
          URL: 'http://files.example/unit',
          UUID: '00000000-0000-4000-8000-000000000001',
          Username: 'u',
          Password: 'p',
          ExecutionEnvRef: 'Device.SoftwareModules.ExecEnv.1.',
        },
        { type: 'UpdateOpStruct', UUID: '00000000-0000-4000-8000-000000000002', Version: '1.0' },
        { type: 'UninstallOpStruct', UUID: '00000000-0000-4000-8000-00000000000a' },
      ],
      CommandKey: 'c',
    },
    response: {},
  },
  Inform: {
    request: {
      DeviceId: {
        Manufacturer: 'Example',
        OUI: '00AABB',
        ProductClass: 'Gateway',
        SerialNumber: '1234',
      },
      Event: [
        { EventCode: '1 BOOT', CommandKey: '' },
        { EventCode: 'M Reboot', CommandKey: 'reboot-1' },
      ],
      MaxEnvelopes: 1,
      CurrentTime: '2024-01-01T12:00:00+02:00',
      RetryCount: 0,
      ParameterList: [
        { Name: 'Device.RootDataModelVersion', Value: '2.17', type: 'xsd:string' },
        { Name: 'Device.DeviceInfo.HardwareVersion', Value: '1', type: 'xsd:string' },
        { Name: 'Device.DeviceInfo.SoftwareVersion', Value: '1.0', type: 'xsd:string' },
        { Name: 'Device.DeviceInfo.ProvisioningCode', Value: '', type: 'xsd:string' },
        { Name: 'Device.ManagementServer.ParameterKey', Value: '', type: 'xsd:string' },
        {
          Name: 'Device.ManagementServer.ConnectionRequestURL',
          Value: 'http://192.0.2.1:7547/',
          type: 'xsd:string',
        },
      ],
    },
    response: { MaxEnvelopes: 1 },
  },
  TransferComplete: {
    request: {
      CommandKey: 'c',
      FaultStruct: { FaultCode: 9010, FaultString: 'File transfer failure' },
      StartTime: '2024-01-01T00:00:00Z',
      CompleteTime: '0001-01-01T00:00:00Z',
    },
    response: {},
  },
  AutonomousTransferComplete: {
    request: {
      AnnounceURL: '',
      TransferURL: 'http://files.example/image',
      IsDownload: true,
      FileType: '1 Firmware Upgrade Image',
      FileSize: 1024,
      TargetFileName: '',
      FaultStruct: { FaultCode: 0, FaultString: '' },
      StartTime: '2024-01-01T00:00:00Z',
      CompleteTime: '2024-01-01T00:00:01Z',
    },
    response: {},
  },
  Kicked: {
    request: { Command: 'c', Referer: 'r', Arg: 'a', Next: 'n' },
    response: { NextURL: 'http://acs.example/next' },
  },
  RequestDownload: {
    request: {
      FileType: '1 Firmware Upgrade Image',
      FileTypeArg: [{ Name: 'Version', Value: '2.0' }],
    },
    response: {},
  },
  DUStateChangeComplete: {
    request: {
      Results: [
        {
          UUID: '00000000-0000-4000-8000-000000000001',
          DeploymentUnitRef: 'Device.SoftwareModules.DeploymentUnit.1.',
          Version: '1.0',
          CurrentState: 'Installed',
          Resolved: true,
          ExecutionUnitRefList: 'Device.SoftwareModules.ExecutionUnit.1.',
          StartTime: '2024-01-01T00:00:00Z',
          CompleteTime: '2024-01-01T00:00:01Z',
          Fault: { FaultCode: 0, FaultString: '' },
        },
      ],
      CommandKey: 'c',
    },
    response: {},
  },
  AutonomousDUStateChangeComplete: {
    request: {
      Results: [
        {
          UUID: '00000000-0000-4000-8000-000000000001',
          DeploymentUnitRef: '',
          Version: '1.0',
          CurrentState: 'Failed',
          Resolved: false,
          ExecutionUnitRefList: '',
          StartTime: '2024-01-01T00:00:00Z',
          CompleteTime: '2024-01-01T00:00:01Z',
          Fault: { FaultCode: 9032 },
          OperationPerformed: 'Update',
        },
      ],
    },
    response: {},
  },
}
