/** The names of columns that say who, plain: small letters without accents, the best first. */
export const ID_NAMES: readonly string[] = words(`
  userid visitorid customerid customerno customernr customernumber custid custno clientid clientno clientnumber
  contactid contactkey memberid memberno membernumber membershipno subscriberid subscriberkey accountid accountno
  accountnumber profileid personid crmid
  kundennummer kundennr kundenid kdnr kundenkennung kundenkennzeichen mitgliedsnummer mitgliedsnr mitgliedsid
  mitgliednr personennummer personenid benutzerid nutzerid besucherid partnernummer debitorennummer debitor
  numeroclient numerodeclient numclient noclient nclient idclient codeclient identifiantclient numeroadherent
  numerocliente numerodecliente nrocliente idcliente clienteid codigocliente codigodecliente idusuario
  codicecliente idutente numerodocliente codigodocliente idusuario
  klantnummer klantnr klantid lidnummer gebruikersid kundnummer kundnr kundid kundenummer asiakasnumero
  numerklienta nrklienta idklienta
  anonymousid userpseudoid user customer
  email emailaddress mail mailaddress emailadresse mailadresse adresseemail adressemail correo correoelectronico id`);

/** Those that say when. */
export const TIME_NAMES: readonly string[] = words(`
  eventtime timestamp eventtimestamp createdat occurredat receivedat datetime time date ts
  zeitstempel zeitpunkt datum uhrzeit horodatage fecha fechahora dataora`);

/** Those that say what happened. */
export const EVENT_NAMES: readonly string[] = words(`
  eventtype event eventname action activity type name ereignis aktion evenement evento`);

/** The column with the best of these names. */
export function findColumn(columns: readonly string[], names: readonly string[]): string | undefined {
  const plain = columns.map((column) =>
    column
      .normalize('NFD')
      .toLowerCase()
      .replace(/[^a-z]/g, ''),
  );
  const found = names.find((name) => plain.includes(name));
  return found === undefined ? undefined : columns[plain.indexOf(found)];
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
